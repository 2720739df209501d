# The oracle of this experiment: what lme4 and ordinal make of the same days, computed from the
# prepared answers by a route that shares no code with the package.
#
#   Rscript experiments/diary/reference.R PREPARED_FOLDER RESULTS_FOLDER
#
# PREPARED_FOLDER holds the ratings.csv and journeys.csv of datasets/neubauer2024/prepare.py.
# Variants, each with a random intercept per person:
#   raw      lmer on the answers as numbers
#   within   lmer, features centred at each person's own mean (between-person differences removed)
#   ordinal  clmm (cumulative logit), raw features: the likelihood the package uses
#   simplex  as ordinal, and a negative slope is dropped and the model fitted again, because the
#            package's weights cannot be negative; a dropped feature has weight 0 and no se
# A weight is a slope divided by the sum of the four; its standard error is by the delta method.

suppressPackageStartupMessages({
  library(lme4)
  library(ordinal)
})

EMOTIONS <- c("happy", "afraid", "sad", "balanced", "exhausted",
              "cheerful", "worried", "lively", "angry", "relaxed")
FEATURES <- c("mean", "peak", "end", "first")
RULES <- list(
  "mean" = "mean", "end" = "end", "first" = "first", "peak+end" = c("peak", "end"),
  "mean+peak+end+first" = FEATURES
)

day_features <- function(ratings, emotion) {
  answered <- ratings[!is.na(ratings[[emotion]]), c("journey", "order", emotion)]
  answered <- answered[order(answered$journey, answered$order), ]
  by_day <- split(answered[[emotion]], answered$journey)
  data.frame(
    journey = names(by_day),
    mean = vapply(by_day, mean, 0), peak = vapply(by_day, max, 0),
    end = vapply(by_day, function(y) y[length(y)], 0), first = vapply(by_day, function(y) y[1], 0)
  )
}

emotion_days <- function(ratings, journeys, emotion) {
  remembered <- data.frame(
    journey = journeys$journey, respondent = journeys$respondent,
    emotion = emotion, remembered = journeys[[paste0(emotion, "_daily")]]
  )
  days <- merge(remembered, day_features(ratings, emotion), by = "journey")
  days[!is.na(days$remembered), ]
}

centre <- function(days) {
  cell <- interaction(days$respondent, days$emotion, drop = TRUE)
  for (feature in FEATURES) days[[feature]] <- days[[feature]] - ave(days[[feature]], cell)
  days
}

# Slopes b with covariance V -> weights b / sum(b); Jacobian (I - w 1') / sum(b).
normalise <- function(b, V) {
  w <- b / sum(b)
  J <- (diag(length(b)) - outer(w, rep(1, length(b)))) / sum(b)
  list(weight = w, se = sqrt(diag(J %*% V %*% t(J))))
}

slopes_of <- function(fit) {
  b <- if (inherits(fit, "clmm")) fit$beta else fixef(fit)
  b[intersect(FEATURES, names(b))]
}

rows <- function(fit, emotion, variant, n) {
  b <- slopes_of(fit)
  kept <- names(b)
  V <- as.matrix(vcov(fit))[kept, kept, drop = FALSE]
  w <- normalise(b, V)
  table <- data.frame(
    emotion = emotion, feature = FEATURES, variant = variant,
    estimate = 0, se = NA_real_, weight = 0, weight_se = NA_real_, n_days = n
  )
  at <- match(kept, FEATURES)
  table[at, c("estimate", "se", "weight", "weight_se")] <- cbind(b, sqrt(diag(V)), w$weight, w$se)
  table
}

fit_non_negative <- function(days) {
  features <- FEATURES
  repeat {
    fit <- clmm(reformulate(c(features, "(1 | respondent)"), "remembered"), days)
    b <- slopes_of(fit)
    if (all(b >= 0)) return(fit)
    features <- setdiff(features, names(which.min(b)))
  }
}

fit_emotion <- function(days) {
  emotion <- days$emotion[1]
  formula <- remembered ~ mean + peak + end + first + (1 | respondent)
  ordered_days <- transform(days, remembered = factor(remembered, ordered = TRUE))
  rbind(
    rows(lmer(formula, days), emotion, "raw", nrow(days)),
    rows(lmer(formula, centre(days)), emotion, "within", nrow(days)),
    rows(clmm(formula, ordered_days), emotion, "ordinal", nrow(days)),
    rows(fit_non_negative(ordered_days), emotion, "simplex", nrow(days))
  )
}

# All emotions at once: own intercept per emotion, person and person-by-emotion intercepts.
fit_stacked <- function(stacked) {
  formula <- remembered ~ mean + peak + end + first + emotion +
    (1 | respondent) + (1 | respondent:emotion)
  rbind(
    rows(lmer(formula, stacked), "(stacked)", "raw", nrow(stacked)),
    rows(lmer(formula, centre(stacked)), "(stacked)", "within", nrow(stacked))
  )
}

compare_rules <- function(days) {
  aic <- vapply(RULES, function(rule) {
    formula <- reformulate(c(rule, "(1 | respondent)"), "remembered")
    AIC(lmer(formula, days, REML = FALSE))
  }, 0)
  data.frame(emotion = days$emotion[1], rule = names(RULES), aic = aic, delta_aic = aic - min(aic))
}

# Remembered minus experienced: person-weighted mean difference with its standard error.
memory_gap <- function(days) {
  gap <- transform(days, difference = remembered - mean)
  fit <- lmer(difference ~ 1 + (1 | respondent), gap)
  data.frame(emotion = days$emotion[1], estimate = unname(fixef(fit)), se = sqrt(vcov(fit)[1, 1]))
}

save_table <- function(table, folder, name) {
  numeric <- vapply(table, is.double, TRUE)
  table[numeric] <- lapply(table[numeric], round, 4)
  write.csv(table, file.path(folder, name), row.names = FALSE, quote = FALSE)
}

main <- function(prepared, results) {
  ratings <- read.csv(file.path(prepared, "ratings.csv"))
  journeys <- read.csv(file.path(prepared, "journeys.csv"))
  days <- lapply(EMOTIONS, function(emotion) emotion_days(ratings, journeys, emotion))
  slopes <- rbind(do.call(rbind, lapply(days, fit_emotion)), fit_stacked(do.call(rbind, days)))
  save_table(slopes, results, "lme4_slopes.csv")
  save_table(do.call(rbind, lapply(days, compare_rules)), results, "lme4_rules.csv")
  save_table(do.call(rbind, lapply(days, memory_gap)), results, "lme4_memory_gap.csv")
  versions <- vapply(c("lme4", "ordinal", "Matrix"), function(p) as.character(packageVersion(p)), "")
  writeLines(
    c(R.version.string, paste(names(versions), versions)), file.path(results, "lme4_versions.txt")
  )
}

folders <- commandArgs(trailingOnly = TRUE)
if (length(folders) != 2) stop("usage: Rscript reference.R PREPARED_FOLDER RESULTS_FOLDER")
main(folders[1], folders[2])
