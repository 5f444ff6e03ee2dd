# Rakes the people of folder/people.csv to folder/margins.csv and estimates the mean of `value` in each domain.
suppressPackageStartupMessages(library(survey))
# The weights' column must not be called "weights": svytable would take it for the current weights.
folder <- commandArgs(trailingOnly = TRUE)[1]
people <- read.csv(file.path(folder, "people.csv"))
margins <- read.csv(file.path(folder, "margins.csv"))
columns <- unique(margins$column)
for (name in c(columns, "domain")) people[[name]] <- factor(people[[name]])
design <- svydesign(ids = ~clusters, strata = ~strata, weights = ~drawn, data = people, nest = TRUE)
# Raking as calibration, which weighs the regression on the margins by the weights before raking; rake() of this
# version weighs everybody alike there, and its errors differ in the third digit.
levels_of <- function(name) margins[margins$column == name, ]
total <- sum(levels_of(columns[1])$total)
others <- unlist(lapply(columns, function(name) {
  here <- levels_of(name)
  here <- here[here$code != levels(people[[name]])[1], ]
  setNames(here$total, paste0(name, here$code))
}))
raking <- system.time(
  raked <- calibrate(design, reformulate(columns), c("(Intercept)" = total, others), calfun = "raking",
                     maxit = 1000, epsilon = 1e-10)
)["elapsed"]
estimating <- system.time(found <- svyby(~value, ~domain, raked, svymean))["elapsed"]
answer <- data.frame(domain = as.numeric(as.character(found$domain)), mean = found$value, se = found$se)
write.csv(answer[order(answer$domain), ], file.path(folder, "means.csv"), row.names = FALSE)
write.table(weights(raked), file.path(folder, "weights.csv"), row.names = FALSE, col.names = FALSE)
cat(sprintf('{"version": "%s", "rake": %.4f, "estimate": %.4f}\n', packageVersion("survey"), raking, estimating))
