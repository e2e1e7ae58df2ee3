# Fits made-up pupils with lme4, told on standard input when to, for value_added_speed.py.
#
# Each line read is: folder, tolerance. The folder holds one file for each column, of doubles or whole numbers
# that are places in a list of words; columns.txt names them (name, kind, words) and formula.txt is the model in
# lme4's notation. Reading is not timed.
suppressMessages(library(lme4))
lines <- file("stdin", open = "r")
cat("READY", as.character(packageVersion("lme4")), basename(extSoftVersion()[["BLAS"]]), "\n")

read_column <- function(folder, line) {
  described <- strsplit(line, "\t")[[1]]
  path <- file.path(folder, described[1])
  if (described[2] == "number") {
    return(readBin(path, "double", n = file.size(path) / 8, size = 8))
  }
  codes <- readBin(path, "integer", n = file.size(path) / 4, size = 4)
  words <- strsplit(described[3], " ")[[1]]
  structure(codes + 1L, levels = words, class = "factor")
}

folder <- ""
while (length(line <- readLines(lines, n = 1)) > 0) {
  asked <- strsplit(line, " ")[[1]]
  if (asked[1] != folder) {
    folder <- asked[1]
    described <- readLines(file.path(folder, "columns.txt"))
    pupils <- lapply(described, function(line) read_column(folder, line))
    names(pupils) <- sub("\t.*", "", described)
    pupils <- as.data.frame(pupils)
    formula <- as.formula(readLines(file.path(folder, "formula.txt")))
  }
  tolerance <- as.numeric(asked[2])
  # Nothing is checked and no derivatives are taken: the fastest that lme4 can be asked for.
  fastest <- lmerControl(
    optimizer = "nloptwrap", calc.derivs = FALSE,
    optCtrl = list(xtol_abs = tolerance, ftol_abs = tolerance, xtol_rel = 0, ftol_rel = 0),
    check.nobs.vs.rankZ = "ignore", check.nobs.vs.nlev = "ignore", check.nlev.gtreq.5 = "ignore",
    check.nlev.gtr.1 = "ignore", check.nobs.vs.nRE = "ignore", check.rankX = "ignore",
    check.scaleX = "ignore", check.formula.LHS = "ignore", check.conv.grad = "ignore",
    check.conv.singular = "ignore", check.conv.hess = "ignore"
  )
  invisible(gc())
  taken <- system.time({
    found <- lmer(formula, pupils, control = fastest)
    errors <- sqrt(diag(as.matrix(vcov(found))))
    effects <- ranef(found, condVar = TRUE)$school
  })
  exact <- function(values) cat(format(values, digits = 17, trim = TRUE), "\n")
  cat("FIT", taken[["elapsed"]], taken[["user.self"]] + taken[["sys.self"]], "\n")
  exact(as.data.frame(VarCorr(found))$vcov)
  exact(unname(fixef(found)))
  exact(unname(errors))
  exact(effects[[1]])
  flush(stdout())
}
