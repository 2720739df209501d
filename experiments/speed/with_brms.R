# VerbAgg in brms: writes draws.csv and timing.json into FOLDER.
#
#   Rscript with_brms.R verbagg.csv FOLDER DRAWS TUNE CHAINS SEED

suppressPackageStartupMessages(library(brms))

asked <- commandArgs(trailingOnly = TRUE)
folder <- asked[2]
number <- as.integer(asked[3:6])
names(number) <- c("draws", "tune", "chains", "seed")
# Debian's BH is a link to the system's Boost, which rstan does not look for by itself.
rstan::rstan_options(boost_lib = "/usr/include")

data <- read.csv(asked[1], stringsAsFactors = FALSE)
data$resp <- factor(data$resp, c("no", "perhaps", "yes"), ordered = TRUE)
data$Gender <- factor(data$Gender, c("F", "M"))
data$btype <- factor(data$btype, c("curse", "scold", "shout"))
data$situ <- factor(data$situ, c("other", "self"))
data$mode <- factor(data$mode, c("want", "do"))

started <- proc.time()[["elapsed"]]
fit <- brm(
  resp ~ Anger + Gender + btype + situ + mode + (1 | id) + (1 | item),
  data = data, family = cumulative("logit"),
  prior = c(
    prior(normal(0, 10), class = "b"),
    prior(normal(0, 100), class = "Intercept"),
    prior(student_t(3, 0, 2.5), class = "sd")
  ),
  chains = number["chains"], cores = number["chains"], seed = number["seed"],
  warmup = number["tune"], iter = number["tune"] + number["draws"], refresh = 0,
  save_warmup = TRUE
)
total <- proc.time()[["elapsed"]] - started

columns <- c(
  "b_Anger", "b_GenderM", "b_btypescold", "b_btypeshout", "b_situself", "b_modedo",
  "b_Intercept[1]", "b_Intercept[2]", "sd_id__Intercept", "sd_item__Intercept"
)
shown <- c(
  "Anger", "GenderM", "btypescold", "btypeshout", "situself", "modedo",
  "cut 1", "cut 2", "sd id", "sd item"
)
draws <- as_draws_df(fit)
table <- as.data.frame(draws)[, columns]
names(table) <- shown
table <- cbind(chain = draws$.chain - 1, table)
write.csv(table, file.path(folder, "draws.csv"), row.names = FALSE)

steps <- sapply(rstan::get_sampler_params(fit$fit, inc_warmup = TRUE),
                function(chain) sum(chain[, "n_leapfrog__"]))
seconds <- rowSums(rstan::get_elapsed_time(fit$fit))
slowest <- which.max(seconds)
version <- function(name) as.character(packageVersion(name))
writeLines(sprintf(
  paste0('{"total s": %.4f, "sampling s": %.4f, "gradients": %d, "versions": ',
         '{"R": "%s", "brms": "%s", "rstan": "%s", "Stan": "%s"}}'),
  total, seconds[slowest], as.integer(steps[slowest]),
  as.character(getRversion()), version("brms"), version("rstan"), rstan::stan_version()
), file.path(folder, "timing.json"))
