# Fits made-up pupils with lme4, told on standard input when to, for value_added_speed.py.
#
# Each line read is: folder, REML tolerance. The folder holds design.bin (columns of doubles), outcome.bin,
# school.bin (integers) and shape.txt (pupils, columns). Reading them is not timed.
suppressMessages(library(lme4))
lines <- file("stdin", open = "r")
cat("READY", as.character(packageVersion("lme4")), basename(extSoftVersion()[["BLAS"]]), "\n")
folder <- ""
while (length(line <- readLines(lines, n = 1)) > 0) {
  asked <- strsplit(line, " ")[[1]]
  if (asked[1] != folder) {
    folder <- asked[1]
    shape <- scan(file.path(folder, "shape.txt"), quiet = TRUE)
    read <- function(name, what, size, n) readBin(file.path(folder, name), what, n = n, size = size)
    design <- as.data.frame(matrix(read("design.bin", "double", 8, shape[1] * shape[2]), nrow = shape[1]))
    predictors <- names(design)
    design$outcome <- read("outcome.bin", "double", 8, shape[1])
    design$school <- factor(read("school.bin", "integer", 4, shape[1]))
    formula <- as.formula(paste("outcome ~", paste(predictors, collapse = " + "), "+ (1 | school)"))
  }
  tolerance <- as.numeric(asked[2])
  # Nothing is checked and nothing is computed beyond the fit: the fastest that lme4 can be asked for.
  fastest <- lmerControl(
    optimizer = "nloptwrap", calc.derivs = FALSE,
    optCtrl = list(xtol_abs = tolerance, ftol_abs = tolerance, xtol_rel = tolerance, ftol_rel = tolerance),
    check.nobs.vs.rankZ = "ignore", check.nobs.vs.nlev = "ignore", check.nlev.gtreq.5 = "ignore",
    check.nlev.gtr.1 = "ignore", check.nobs.vs.nRE = "ignore", check.rankX = "ignore",
    check.scaleX = "ignore", check.formula.LHS = "ignore", check.conv.grad = "ignore",
    check.conv.singular = "ignore", check.conv.hess = "ignore"
  )
  invisible(gc())
  seconds <- system.time(found <- lmer(formula, design, control = fastest))[["elapsed"]]
  exact <- function(values) cat(format(values, digits = 17, trim = TRUE), "\n")
  cat("FIT", seconds, "\n")
  exact(c(as.data.frame(VarCorr(found))$vcov))
  exact(unname(fixef(found)))
  exact(unname(sqrt(diag(as.matrix(vcov(found))))))
  exact(ranef(found, condVar = FALSE)$school[[1]])
  flush(stdout())
}
