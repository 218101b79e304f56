# SPDX-License-Identifier: AGPL-3.0-or-later
# export_readers.R FOLDER: e.sav and e.dta by haven and foreign beside e.csv.
library(haven)
library(foreign)
folder <- commandArgs(TRUE)[1]
check <- function(name, good) cat(if (isTRUE(good)) "ok  " else "FAIL", name, "\n")
path <- function(name) file.path(folder, name)
ours <- read.csv(path("e.csv"), colClasses = "character", encoding = "UTF-8", check.names = FALSE)
sav <- read_sav(path("e.sav"), user_na = TRUE)
dta <- read_dta(path("e.dta"))
text <- function(x) { y <- as.character(x); y[is.na(y)] <- ""; y }
check("haven reads as many rows and columns of .sav", identical(dim(sav), dim(ours)))
check("haven reads as many rows and columns of .dta", identical(dim(dta), dim(ours)))
same <- sapply(seq_along(ours), function(i) all(text(if (inherits(sav[[i]], "haven_labelled")) unclass(sav[[i]]) else sav[[i]]) == ours[[i]]))
check(paste("haven reads every cell of .sav", paste(names(ours)[!same], collapse = " ")), all(same))
choices <- which(sapply(sav, function(x) !is.null(attr(x, "labels"))) & sapply(dta, function(x) !is.null(attr(x, "labels"))))
labels <- sapply(choices, function(i) all(text(as_factor(sav[[i]])) == text(as_factor(dta[[i]]))))
check(paste("labels of .sav and .dta agree", paste(names(sav)[choices][!labels], collapse = " ")), length(choices) > 50 && all(labels))
check("labels are Vietnamese", all(c("Rất hài lòng", "Không hài lòng") %in% names(attr(sav$b11_s1, "labels"))))
check("no opinion is missing in .dta and .sav", all(is.na(dta$b11_s1[ours$b11_s1 == "9"])) && all(is.na(zap_missing(sav$b11_s1)[ours$b11_s1 == "9"])))
check("texts of .dta", all(text(dta$c2) == ours$c2) && all(text(dta$td_day) == ours$td_day))
old <- suppressWarnings(read.spss(path("e.sav"), to.data.frame = FALSE, use.value.labels = FALSE))
check("foreign reads .sav", length(old) == ncol(ours) && all(trimws(old$td_record) == ours$td_record) && identical(text(old$b11_s1), ours$b11_s1))
cat("done\n")
