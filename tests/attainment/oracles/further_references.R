# Further references: weights, two slopes, no intercept, a slope at the edge, tests between models, and
# standard errors by explicit matrices (information of the variances, Henderson's equations).
# Run in this folder: Rscript further_references.R
# Needs R with lme4, mlmRev and jsonlite. Writes further_references.json and mlmRevCRAN_Gcsemv.csv.

library(lme4)
library(jsonlite)
data(Gcsemv, package = "mlmRev")
write.csv(Gcsemv, "mlmRevCRAN_Gcsemv.csv", row.names = FALSE)

read <- function(name, group) {
  frame <- read.csv(paste0(name, ".csv"), stringsAsFactors = TRUE)
  frame[[group]] <- factor(frame[[group]])
  frame
}
exam <- read("mlmRevCRAN_Exam", "school")
hsb <- read("mlmRevCRAN_Hsb82", "school")
exam$weight <- (seq_len(nrow(exam)) %% 4 + 1) / 2
hsb$minority <- as.numeric(hsb$minrty == "Yes")

tightly <- function(optimizer, settings) lmerControl(optimizer = optimizer, calc.derivs = FALSE, optCtrl = settings)
controls <- list(
  tightly("nloptwrap", list(xtol_abs = 1e-12, ftol_abs = 1e-14, xtol_rel = 1e-12, ftol_rel = 1e-15, maxeval = 20000)),
  tightly("bobyqa", list(rhobeg = 0.02, rhoend = 1e-9, maxfun = 20000)),
  tightly("bobyqa", list(rhobeg = 0.2, rhoend = 1e-9, maxfun = 20000)))

# The best of several searches: one alone stops at an edge that is not the lowest point (hsb82_two_slopes).
best <- function(formula, data, reml) {
  fits <- lapply(controls, function(control)
    if (!"w" %in% names(data)) lmer(formula, data, REML = reml, control = control) else
      lmer(formula, data, REML = reml, control = control, weights = w))
  fits[[which.max(sapply(fits, logLik))]]
}

# Estimates, and by explicit matrices: Henderson's prediction error variances and diagnostic variances of
# the random effects, and the covariance of the variances by the expected information.
described <- function(formula, data, reml, explicit = TRUE) {
  fit <- best(formula, data, reml)
  random <- ranef(fit, condVar = TRUE)[[1]]
  out <- list(
    fixed = as.list(fixef(fit)), se = sqrt(diag(as.matrix(vcov(fit)))), criterion = -2 * as.numeric(logLik(fit)),
    residual = sigma(fit)^2, matrix = unclass(VarCorr(fit)[[1]])[, , drop = FALSE], level = rownames(random),
    effect = as.matrix(random), conditional = attr(random, "postVar"), AIC = AIC(fit), BIC = BIC(fit))
  attributes(out$matrix) <- attributes(out$matrix)["dim"]
  if (!explicit) return(out)

  X <- getME(fit, "X"); Z <- as.matrix(getME(fit, "Z")); s2 <- sigma(fit)^2
  w <- weights(fit); m <- ncol(random); J <- nrow(random)
  D <- out$matrix
  G <- kronecker(diag(J), D)
  R <- diag(1 / w)
  V <- s2 * R + Z %*% G %*% t(Z)
  Vi <- chol2inv(chol(V))
  P <- Vi - Vi %*% X %*% solve(t(X) %*% Vi %*% X, t(X) %*% Vi)
  covariance_of_effects <- G %*% t(Z) %*% P %*% Z %*% G          # Var(u-hat)
  error <- G - covariance_of_effects                               # Var(u-hat - u), Henderson 1975
  pick <- function(M) lapply(seq_len(J), function(j) { k <- (j - 1) * m + seq_len(m); M[k, k, drop = FALSE] })
  out$comparative <- pick(error)
  out$diagnostic <- pick(covariance_of_effects)
  # By the elements of D (lower triangle by rows), then the residual
  directions <- list()
  for (a in seq_len(m)) for (b in seq_len(a)) {
    unit <- matrix(0, m, m); unit[a, b] <- unit[b, a] <- 1
    directions <- c(directions, list(Z %*% kronecker(diag(J), unit) %*% t(Z)))
  }
  directions <- c(directions, list(R))
  projected <- lapply(directions, function(dV) (if (reml) P else Vi) %*% dV)
  k <- length(directions)
  information <- matrix(0, k, k)
  for (a in seq_len(k)) for (b in seq_len(k))
    information[a, b] <- sum(projected[[a]] * t(projected[[b]])) / 2
  out$variance_covariance <- solve(information)
  out
}

twenty <- droplevels(subset(exam, as.integer(as.character(school)) <= 20))
weighted <- twenty; weighted$w <- weighted$weight
all_weighted <- exam; all_weighted$w <- all_weighted$weight
references <- list()
for (reml in c(TRUE, FALSE)) {
  method <- if (reml) "REML" else "ML"
  references[[method]] <- list(
    twenty_schools = described(normexam ~ standLRT + sex + (1 | school), twenty, reml),
    twenty_schools_slope = described(normexam ~ standLRT + (standLRT | school), twenty, reml),
    twenty_schools_weighted = described(normexam ~ standLRT + (1 | school), weighted, reml),
    twenty_schools_slope_weighted = described(normexam ~ standLRT + (standLRT | school), weighted, reml),
    exam_weighted = described(normexam ~ standLRT + sex + (1 | school), all_weighted, reml, FALSE),
    exam_no_intercept = described(normexam ~ 0 + standLRT + sex + (1 | school), exam, reml, FALSE),
    exam_two_slopes = described(normexam ~ standLRT + sex + (standLRT + sex | school), exam, reml, FALSE),
    hsb82_two_slopes = described(mAch ~ cses + minority + (cses + minority | school), hsb, reml, FALSE))
}
ml <- function(formula) best(formula, exam, FALSE)
null <- ml(normexam ~ 1 + (1 | school)); one <- ml(normexam ~ standLRT + (1 | school))
two <- ml(normexam ~ standLRT + sex + (1 | school)); slope <- ml(normexam ~ standLRT + (standLRT | school))
compared <- function(smaller, larger) {
  rows <- anova(smaller, larger)
  list(chi_square = rows$Chisq[2], df = rows$Df[2], p = rows[["Pr(>Chisq)"]][2])
}
references$tests <- list(standLRT = compared(null, one), sex = compared(one, two), slope = compared(one, slope))
plain <- lm(normexam ~ standLRT, exam)
references$tests$schools <- list(chi_square = as.numeric(2 * (logLik(one) - logLik(plain))), df = 1)
write(toJSON(references, digits = NA, auto_unbox = TRUE, matrix = "rowmajor"), "further_references.json")
