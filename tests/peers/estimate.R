# SPDX-License-Identifier: AGPL-3.0-or-later
# estimate.R FOLDER: the cases of FOLDER/cases.json by the R package survey, to FOLDER/survey.json: [{id, result}] or [{id, error}].
# An interpreter of the case format of its own, written from the package's documentation; FOLDER/texts.json names the columns that hold texts.
suppressPackageStartupMessages({ library(jsonlite); library(survey) })
invisible(Sys.setlocale("LC_COLLATE", "C"))
folder <- commandArgs(TRUE)[1]
input <- fromJSON(file.path(folder, "cases.json"), simplifyVector = FALSE)
texts <- fromJSON(file.path(folder, "texts.json"))
cache <- new.env()
table_of <- function(name) {
  if (is.null(cache[[name]])) {
    head <- names(read.csv(file.path(folder, name), nrows = 1, check.names = FALSE, fileEncoding = "UTF-8-BOM"))
    kind <- setNames(ifelse(head %in% texts, "character", "numeric"), head)
    cache[[name]] <- read.csv(file.path(folder, name), check.names = FALSE, colClasses = kind, na.strings = "", fileEncoding = "UTF-8-BOM")
  }
  cache[[name]]
}
or <- function(x, otherwise) if (is.null(x)) otherwise else x

variable <- function(spec, d) {
  if (is.character(spec)) return(d[[spec]])
  if (is.null(spec$op)) return(d[[spec$col]])
  if (!is.null(spec$cols)) {
    x <- as.matrix(d[unlist(spec$cols)])
    return(switch(spec$op, count_answered = rowSums(!is.na(x)), count_ge = rowSums(x >= spec$value, na.rm = TRUE),
                  row_mean = { m <- rowMeans(x, na.rm = TRUE); m[is.nan(m)] <- NA; m }))
  }
  x <- d[[spec$col]]
  y <- switch(spec$op, "==" = x == spec$value, ">=" = x >= spec$value, "<=" = x <= spec$value, "in" = x %in% unlist(spec$value))
  y <- as.numeric(y)
  y[is.na(x)] <- NA
  y
}
domain <- function(list, d) {
  in_it <- rep(TRUE, nrow(d))
  for (spec in list) { x <- variable(spec, d); in_it <- in_it & !is.na(x) & x != 0 }
  in_it
}

# ---- Designs ------------------------------------------------------------------------------------------------------------------
adjusted <- function(des, adjust, d) {
  for (a in adjust) {
    if (a$method == "poststratify") {
      by <- unlist(a$by)
      for (k in seq_along(by)) des$variables[[paste0(".b", k)]] <- d[[by[k]]]
      cells <- data.frame(lapply(by, function(name) sapply(a$cells, function(cell) cell[[name]])))
      names(cells) <- paste0(".b", seq_along(by))
      cells$Freq <- sapply(a$cells, function(cell) cell$N)
      des <- postStratify(des, reformulate(names(cells)[seq_along(by)]), cells)
    } else if (a$method == "rake") {
      margins <- list(); frames <- list()
      for (k in seq_along(a$margins)) {
        by <- unlist(a$margins[[k]]$by); own <- paste0(".r", k, "_", seq_along(by))
        for (j in seq_along(by)) des$variables[[own[j]]] <- d[[by[j]]]
        cells <- data.frame(lapply(by, function(name) sapply(a$margins[[k]]$cells, function(cell) cell[[name]])))
        names(cells) <- own
        cells$Freq <- sapply(a$margins[[k]]$cells, function(cell) cell$N)
        margins[[k]] <- reformulate(own); frames[[k]] <- cells
      }
      des <- rake(des, margins, frames, control = list(maxit = 500, epsilon = 1e-12, verbose = FALSE))
    } else {
      for (k in seq_along(a$aux))
        des$variables[[paste0(".x", k)]] <- if (is.list(a$aux[[k]]) && !is.null(a$aux[[k]]$const)) rep(a$aux[[k]]$const, nrow(d)) else variable(a$aux[[k]], d)
      own <- paste0(".x", seq_along(a$aux))
      bounds <- if (is.null(a$bounds)) c(-Inf, Inf) else unlist(a$bounds)
      des <- calibrate(des, reformulate(c("0", own)), population = setNames(unlist(a$totals), own), calfun = a$distance, bounds = bounds,
                       epsilon = or(a$epsilon, 1e-12), maxit = or(a$max_iter, 200))
    }
  }
  des
}
design_of <- function(case, d) {
  g <- case$design
  n <- nrow(d)
  v <- data.frame(.row = seq_len(n))
  options(survey.lonely.psu = or(g$lonely_psu, "fail"), survey.adjust.domain.lonely = isTRUE(g$adjust_domain_lonely))
  v$.w <- if (is.null(g$weights)) 1 else d[[g$weights]]
  if (!is.null(g$replicate)) {
    r <- g$replicate
    f <- table_of(r$factors_file)
    at <- match(d[[r$psu_col]], f$psu)
    if (anyNA(at)) stop("psu_not_in_factors")
    m <- as.matrix(f[at, names(f) != "psu", drop = FALSE])
    dimnames(m) <- NULL
    rscales <- if (is.null(r$rscales)) rep(1, ncol(m)) else unlist(r$rscales)
    return(svrepdesign(variables = v, weights = v$.w, repweights = m, type = "other", combined.weights = FALSE, scale = r$scale,
                       rscales = rscales, mse = isTRUE(r$mse)))
  }
  if (!all(v$.w > 0)) stop("bad_weight")
  ids <- unlist(g$ids)
  for (k in seq_along(ids)) v[[paste0(".id", k)]] <- d[[ids[k]]]
  fpc <- unlist(g$fpc)
  for (k in seq_along(fpc)) v[[paste0(".N", k)]] <- d[[fpc[k]]]
  stages <- if (length(fpc)) min(length(ids), length(fpc)) else min(length(ids), 1)     # the later ones add nothing
  id <- if (stages) reformulate(paste0(".id", seq_len(stages))) else ~1
  strata <- if (is.null(g$strata)) NULL else { v$.h <- d[[g$strata]]; ~.h }
  sizes <- if (length(fpc)) reformulate(paste0(".N", seq_along(fpc))) else NULL
  weights <- if (!is.null(g$weights)) ~.w else if (is.null(sizes)) ~.w else NULL
  des <- svydesign(ids = id, strata = strata, fpc = sizes, weights = weights, data = v, nest = !is.null(strata) || stages > 1)
  adjusted(des, g[["adjust"]], d)          # $ would also take adjust_domain_lonely
}
replicated <- function(des) inherits(des, "svyrep.design")
weight_of <- function(des) as.vector(weights(des, if (replicated(des)) "sampling" else NULL))

# V of influence values over the whole design; replicates: the covariance of f(w).
covariance <- function(des, f, z) {
  if (!replicated(des))
    return(as.matrix(svyrecvar(z, des$cluster, des$strata, des$fpc, postStrata = des$postStrata)))
  vcov(withReplicates(des, function(w, data) f(w)))
}
part <- function(w, y, in_it, x = NULL) {          # mean or ratio over in_it, and its influence values
  x <- if (is.null(x)) rep(1, length(y)) else x
  y[!in_it] <- 0; x[!in_it] <- 0
  r <- sum(w * y) / sum(w * x)
  list(est = r, z = ifelse(in_it, w * (y - r * x) / sum(w * x), 0))
}
parts <- function(des, all) {                       # all: functions of w giving part(); estimates and covariance
  w <- weight_of(des)
  now <- lapply(all, function(p) p(w))
  z <- sapply(now, function(p) p$z)
  list(est = sapply(now, function(p) p$est), v = covariance(des, function(w) sapply(all, function(p) p(w)$est), z))
}

# ---- Kinds ---------------------------------------------------------------------------------------------------------------------
of_vars <- function(des, s, d, in_it, f, ...) {
  xs <- lapply(s$vars, variable, d)
  complete <- in_it & Reduce(`&`, lapply(xs, function(x) !is.na(x)))
  if (or(s$na, "error") == "error" && any(in_it & !complete)) stop("missing_values")
  for (k in seq_along(xs)) des$variables[[paste0(".y", k)]] <- ifelse(complete, xs[[k]], 0)     # calibrated designs keep the rows left out
  sub <- des[which(complete), ]
  list(m = f(reformulate(paste0(".y", seq_along(xs))), sub, ...), sub = sub, n = sum(complete))
}
kinds <- list()
moment <- function(f) function(des, s, d, in_it) {
  effect <- switch(or(s$deff, "none"), none = FALSE, wr = "replace", wor = TRUE)
  r <- of_vars(des, s, d, in_it, f, deff = effect)
  est <- as.vector(coef(r$m)); se <- as.vector(SE(r$m)); df <- degf(r$sub); half <- if (df > 0) qt(.975, df) * se else NA * se
  out <- list(estimate = est, se = se, degf = df, ci95_t = cbind(est - half, est + half))
  if (length(est) >= 2 && length(est) <= 8) out$vcov <- matrix(vcov(r$m), length(est))
  if (!isFALSE(effect)) out$deff <- as.vector(deff(r$m))
  out
}
kinds$mean <- moment(svymean)
kinds$total <- moment(svytotal)
kinds$variance <- function(des, s, d, in_it) {
  y <- variable(s$vars[[1]], d)
  if (or(s$na, "error") == "error" && anyNA(y[in_it])) stop("missing_values")
  des$variables$.y <- y
  m <- svyvar(~.y, des[which(in_it), ], na.rm = TRUE)
  list(estimate = as.vector(coef(m)), se = as.vector(SE(m)))
}
ratio <- function(des, s, d, in_it) {
  a <- variable(s$num, d); b <- variable(s$den, d)
  complete <- in_it & !is.na(a) & !is.na(b)
  if (or(s$na, "error") == "error" && any(in_it & !complete)) stop("missing_values")
  des$variables$.a <- ifelse(complete, a, 0); des$variables$.b <- ifelse(complete, b, 0)
  m <- svyratio(~.a, ~.b, des[which(complete), ])
  list(estimate = as.vector(coef(m)), se = as.vector(SE(m)), degf = degf(des[which(in_it), ]))
}
kinds$ratio <- ratio
kinds$by <- function(des, s, d, in_it) {
  by <- unlist(s$by)
  levels <- lapply(by, function(name) sort(unique(d[[name]][in_it])))
  cross <- expand.grid(levels, stringsAsFactors = FALSE)
  xs <- lapply(if (s$stat == "ratio") list(s$num, s$den) else s$vars, variable, d)
  if (or(s$na, "error") == "error" && any(sapply(xs, function(x) anyNA(x[in_it])))) stop("missing_values")
  s$na <- "omit"
  rows <- lapply(seq_len(nrow(cross)), function(g) {
    cell <- in_it
    group <- list()
    for (k in seq_along(by)) { cell <- cell & !is.na(d[[by[k]]]) & d[[by[k]]] == cross[g, k]; group[[by[k]]] <- unbox(cross[g, k]) }
    used <- cell & Reduce(`&`, lapply(xs, function(x) !is.na(x)))
    row <- list(group = group, n = unbox(sum(used)), n_psu = unbox(if (replicated(des)) NA else length(unique(des$cluster[used, 1]))))
    if (!any(used)) return(c(row, list(estimate = unbox(NA), se = unbox(NA))))
    c(row, if (s$stat == "ratio") ratio(des, s, d, cell)[1:2] else { r <- of_vars(des, s, d, cell, if (s$stat == "mean") svymean else svytotal)
      list(estimate = as.vector(coef(r$m)), se = as.vector(SE(r$m))) })
  })
  list(rows = rows)
}
kinds$quantile <- function(des, s, d, in_it) {
  y <- variable(s$vars[[1]], d)
  des$variables$.y <- ifelse(is.na(y), 0, y)
  sub <- des[which(in_it & !is.na(y)), ]
  df <- if (or(s$df, "degf") == "inf") Inf else degf(sub)
  m <- svyquantile(~.y, sub, unlist(s$probs), alpha = 1 - or(s$level, .95), interval.type = or(s$interval, "mean"), qrule = or(s$qrule, "math"), df = df)[[1]]
  m <- matrix(m, nrow = length(s$probs))
  critical <- if (df > 0) qt(1 - (1 - or(s$level, .95)) / 2, df) else NA
  list(estimate = m[, 1], ci = m[, 2:3, drop = FALSE], se = (m[, 3] - m[, 2]) / (2 * critical), df = if (is.finite(df)) df else NA)
}
kinds$ciprop <- function(des, s, d, in_it) {
  y <- variable(s$vars[[1]], d)
  if (or(s$na, "error") == "error" && anyNA(y[in_it])) stop("missing_values")
  des$variables$.y <- y
  sub <- des[which(in_it), ]
  df <- degf(sub)
  m <- svymean(~.y, sub, na.rm = TRUE)
  ci <- attr(svyciprop(~.y, sub, method = or(s$method, "logit"), level = or(s$level, .95), df = df, na.rm = TRUE), "ci")
  list(estimate = as.vector(coef(m)), se = as.vector(SE(m)), ci = as.vector(ci), df = df)
}
kinds$chisq <- function(des, s, d, in_it) {
  des$variables$.a <- factor(d[[s$row]], levels = sort(unique(d[[s$row]][in_it & !is.na(d[[s$col]])])))
  des$variables$.b <- factor(d[[s$col]], levels = sort(unique(d[[s$col]][in_it & !is.na(d[[s$row]])])))
  sub <- if (all(in_it)) des else des[which(in_it), ]
  m <- svychisq(~.a + .b, sub, statistic = or(s$method, "F"))
  t <- svytable(~.a + .b, sub)
  list(table_weighted = matrix(t, nrow(t)), row_levels = rownames(t), col_levels = colnames(t), statistic = as.vector(m$statistic),
       parameter = as.vector(m$parameter), p_value = as.vector(m$p.value))
}
kinds$diff <- function(des, s, d, in_it) {
  y <- variable(s$vars[[1]], d)
  a <- in_it & domain(s$domain_a, d) & !is.na(y); b <- in_it & domain(s$domain_b, d) & !is.na(y)
  r <- parts(des, list(function(w) part(w, y, a), function(w) part(w, y, b)))
  v <- matrix(r$v, 2); df <- degf(des); diff <- r$est[1] - r$est[2]
  se <- sqrt(v[1, 1] + v[2, 2] - 2 * v[1, 2]); half <- if (df > 0) qt(.975, df) * se else NA
  list(estimate_a = r$est[1], estimate_b = r$est[2], vcov = v, diff = diff, se = se, df = df, t = diff / se,
       p_value = if (df > 0) 2 * pt(-abs(diff / se), df) else NA, ci95 = diff + c(-1, 1) * half, se_if_independent = sqrt(v[1, 1] + v[2, 2]))
}
level_means <- function(des, s, d, in_it, levels_after) {
  y <- variable(s$vars[[1]], d); by <- d[[s$by]]
  used <- in_it & !is.na(y) & !is.na(by)
  levels <- sort(unique(by[if (levels_after) used else in_it & !is.na(by)]))
  r <- parts(des, lapply(levels, function(l) function(w) part(w, y, used & by == l)))
  r$levels <- levels
  r$v <- matrix(r$v, length(levels))
  r
}
kinds$domain_vcov <- function(des, s, d, in_it) {
  r <- level_means(des, s, d, in_it, FALSE)
  list(levels = r$levels, estimate = r$est, vcov = r$v)
}
kinds$ranks <- function(des, s, d, in_it) {
  r <- level_means(des, s, d, in_it, TRUE)
  k <- length(r$levels); est <- r$est; v <- r$v; se <- sqrt(diag(v))
  pair <- function(i, j) sqrt(v[i, i] + v[j, j] - 2 * v[i, j])
  z <- outer(seq_len(k), seq_len(k), Vectorize(function(i, j) if (i == j) 0 else (est[i] - est[j]) / pair(i, j)))
  at <- t(combn(k, 2)); p <- 2 * pnorm(-abs(z[at])); holm <- p.adjust(p, "holm"); bh <- p.adjust(p, "BH")
  above <- function(i, clear) sum(vapply(which(clear), function(q) (at[q, 1] == i && est[at[q, 2]] > est[i]) || (at[q, 2] == i && est[at[q, 1]] > est[i]), TRUE))
  below <- function(i, clear) sum(vapply(which(clear), function(q) (at[q, 1] == i && est[at[q, 2]] < est[i]) || (at[q, 2] == i && est[at[q, 1]] < est[i]), TRUE))
  clear <- holm < .05; crit <- qnorm(1 - .05 / (2 * k)); lo <- est - crit * se; hi <- est + crit * se
  list(levels = r$levels, estimate = est, se = se, rank = rank(-est, ties.method = "min"), expected_rank = 1 + rowSums(pnorm(-z)) - .5,
       holm_rank_lo = 1 + sapply(seq_len(k), above, clear), holm_rank_hi = k - sapply(seq_len(k), below, clear),
       joint_rank_lo = 1 + sapply(seq_len(k), function(i) sum(lo > hi[i])), joint_rank_hi = k - sapply(seq_len(k), function(i) sum(hi < lo[i])),
       n_pairs = nrow(at), n_pairs_p05_raw = sum(p < .05), n_pairs_p05_holm = sum(holm < .05), n_pairs_p05_bh = sum(bh < .05),
       p_raw_first_row = p[at[, 1] == 1], p_holm_first_row = holm[at[, 1] == 1])
}
kinds$index_mean_of_shares <- function(des, s, d, in_it) {
  items <- lapply(s$items, function(v) as.numeric(variable(v, d) >= s$threshold))
  a <- if (is.null(s$item_weights)) rep(1, length(items)) else unlist(s$item_weights)
  a <- a / sum(a)
  index <- function(cell) function(w) {
    now <- lapply(items, function(y) part(w, y, cell & !is.na(y)))
    list(est = sum(a * sapply(now, function(p) p$est)), z = as.vector(sapply(now, function(p) p$z) %*% a))
  }
  if (is.null(s$by)) { r <- parts(des, list(index(in_it))); return(list(estimate = r$est, se = sqrt(as.vector(r$v)))) }
  by <- d[[s$by]]; levels <- sort(unique(by[in_it & !is.na(by)]))
  r <- parts(des, lapply(levels, function(l) index(in_it & !is.na(by) & by == l)))
  list(levels = levels, estimate = r$est, se = ifelse(is.nan(r$est), NA, sqrt(diag(matrix(r$v, length(levels))))))
}
kinds$glm <- function(des, s, d, in_it) {
  des$variables$.y <- variable(s$vars[[1]], d)
  for (name in all.vars(as.formula(paste("~", s$r_rhs)))) des$variables[[name]] <- d[[name]]
  f <- as.formula(paste(".y ~", s$r_rhs))
  ok <- in_it & complete.cases(des$variables[all.vars(f)])
  sub <- des[which(ok), ]
  m <- do.call(svyglm, list(f, sub, family = if (s$family == "binomial") quasibinomial() else gaussian(), control = glm.control(1e-15, 200)))
  list(terms = names(coef(m)), estimate = as.vector(coef(m)), se = as.vector(SE(m)), vcov = matrix(vcov(m), length(coef(m))), df_residual = m$df.residual)
}
item_matrix <- function(s, d, in_it) { x <- sapply(s$items, variable, d); x[!in_it, ] <- NA; x }
kinds$cralpha <- function(des, s, d, in_it) {
  x <- item_matrix(s, d, in_it); ok <- complete.cases(x); w <- if (isTRUE(s$weighted)) weight_of(des) else rep(1, nrow(d))
  alpha <- function(v) ncol(v) / (ncol(v) - 1) * (1 - sum(diag(v)) / sum(v))
  v <- cov.wt(x[ok, ], w[ok] / sum(w[ok]))$cov
  out <- list(alpha = alpha(v), n = sum(ok))
  if (isTRUE(s$weighted)) return(out)
  k <- ncol(v)
  out$alpha_if_deleted <- sapply(seq_len(k), function(j) if (k > 2) alpha(v[-j, -j]) else NA)
  out$item_rest_correlation <- sapply(seq_len(k), function(j) cor(x[ok, j], rowSums(x[ok, -j, drop = FALSE])))
  out
}
kinds$pca <- function(des, s, d, in_it) {
  x <- item_matrix(s, d, in_it); ok <- complete.cases(x); w <- if (isTRUE(s$weighted)) weight_of(des) else rep(1, nrow(d))
  r <- cov.wt(x[ok, ], w[ok] / sum(w[ok]), cor = TRUE)$cor; e <- eigen(r, symmetric = TRUE); p <- ncol(r); n <- sum(ok)
  load <- e$vectors[, 1] * sqrt(e$values[1]); if (sum(load) < 0) load <- -load
  q <- solve(r); a <- -q / sqrt(outer(diag(q), diag(q))); off <- row(r) != col(r)
  list(eigenvalues = e$values, first_loadings = load, kmo = sum(r[off]^2) / (sum(r[off]^2) + sum(a[off]^2)),
       bartlett_chi2 = -(n - 1 - (2 * p + 5) / 6) * log(det(r)), bartlett_df = p * (p - 1) / 2, n = n, n_kaiser = sum(e$values > 1))
}
kinds$kappa <- function(des, s, d, in_it) {
  a <- d[[s$a]]; b <- d[[s$b]]; ok <- in_it & !is.na(a) & !is.na(b); levels <- sort(unique(c(a[ok], b[ok])))
  if (isTRUE(s$weighted)) {
    des$variables$.a <- factor(ifelse(ok, a, levels[1]), levels = levels); des$variables$.b <- factor(ifelse(ok, b, levels[1]), levels = levels)
    m <- svykappa(~.a + .b, des[which(ok), ])
    return(list(kappa = as.vector(coef(m)), se = as.vector(SE(m)), n = sum(ok)))
  }
  t <- matrix(table(factor(a[ok], levels), factor(b[ok], levels)), length(levels)); n <- sum(t); p <- t / n
  v <- if (is.numeric(levels)) levels else seq_along(levels)
  gap <- abs(outer(v, v, "-")) / (max(v) - min(v))
  u <- switch(or(s$scheme, "unweighted"), unweighted = 1 * (row(p) == col(p)), linear = 1 - gap, quadratic = 1 - gap^2)
  r <- rowSums(p); q <- colSums(p); po <- sum(p * u); pe <- sum(outer(r, q) * u); k <- (po - pe) / (1 - pe)
  bar <- outer(as.vector(u %*% q), as.vector(r %*% u), "+")
  se <- sqrt((sum(p * (u - bar * (1 - k))^2) - (k - pe * (1 - k))^2) / (n * (1 - pe)^2))
  list(kappa = k, se_asymptotic = se, agreement = po, expected_agreement = pe, n = n, table = t, levels = levels)
}
kinds$icc_anova <- function(des, s, d, in_it) {
  y <- variable(s$vars[[1]], d); g <- d[[s$group]]; ok <- in_it & !is.na(y) & !is.na(g)
  m <- anova(lm(y[ok] ~ factor(g[ok]))); ni <- table(g[ok]); k <- length(ni); n <- sum(ni); n0 <- (n - sum(ni^2) / n) / (k - 1)
  icc <- (m$`Mean Sq`[1] - m$`Mean Sq`[2]) / (m$`Mean Sq`[1] + (n0 - 1) * m$`Mean Sq`[2])
  list(icc = icc, F = m$`F value`[1], df = m$Df, p_value = m$`Pr(>F)`[1], n0 = n0, msb = m$`Mean Sq`[1], msw = m$`Mean Sq`[2], n = n, groups = k,
       deff_interviewer = 1 + (n / k - 1) * icc)
}
kinds$cor <- function(des, s, d, in_it) {
  x <- variable(s$vars[[1]], d); y <- variable(s$vars[[2]], d); ok <- in_it & !is.na(x) & !is.na(y)
  w <- (if (isTRUE(s$weighted)) weight_of(des) else rep(1, nrow(d)))[ok]; x <- x[ok]; y <- y[ok]
  mid <- function(v) sapply(v, function(t) sum(w[v < t]) + sum(w[v == t]) / 2)
  if (or(s$method, "pearson") == "spearman") { x <- mid(x); y <- mid(y) }
  list(r = cov.wt(cbind(x, y), w / sum(w), cor = TRUE)$cor[1, 2], n = length(x))
}
kinds$weights_summary <- function(des, s, d, in_it) {
  w <- weight_of(des); before <- if (is.null(des$.before)) w else des$.before; g <- w / before
  list(sum = sum(w), min = min(w), max = max(w), first10 = head(w, 10), kish_deff = length(w) * sum(w^2) / sum(w)^2, kish_n_eff = sum(w)^2 / sum(w^2),
       min_g = min(g), max_g = max(g))
}
kinds$quality <- function(des, s, d, in_it) {
  x <- sapply(s$items, variable, d)[in_it, , drop = FALSE]; n <- nrow(x); answered <- rowSums(!is.na(x))
  same <- apply(x, 1, function(r) { r <- r[!is.na(r)]; length(r) > 0 && all(r == r[1]) }); long <- apply(x, 1, function(r) { r <- r[!is.na(r)]; if (length(r)) max(rle(r)$lengths) else 0 })
  straight <- same & answered >= s$min_answered
  groups <- table(apply(x[answered >= s$min_answered & !straight, , drop = FALSE], 1, paste, collapse = " "))
  out <- list(n = n, straightliners = sum(straight), longstring_mean = mean(long), longstring_max = max(long), duplicate_groups = sum(groups > 1),
              duplicate_rows = sum(groups[groups > 1]), item_missing_rate = mean(is.na(x)), rows_half_missing = sum(rowMeans(is.na(x)) >= .5))
  if (!is.null(s$duration)) {
    t <- d[[s$duration]][in_it]; m <- median(t, na.rm = TRUE)
    out <- c(out, list(median_duration = m, speeders_third_median = sum(t < m / 3, na.rm = TRUE), speeders_half_median = sum(t < m / 2, na.rm = TRUE)))
  }
  out
}

run <- function(case) {
  d <- table_of(case$input)
  d <- d[domain(case$rows, d), , drop = FALSE]
  s <- case$statistic
  des <- design_of(case, d)
  if (s$kind == "weights_summary") {
    bare <- case; bare$design[["adjust"]] <- NULL
    des$.before <- weight_of(design_of(bare, d))
  }
  kinds[[s$kind]](des, s, d, domain(s$domain, d))
}
out <- lapply(input$cases, function(case) tryCatch(
  list(id = unbox(case$id), result = suppressWarnings(run(case))),
  error = function(e) list(id = unbox(case$id), error = unbox(conditionMessage(e)))))
writeLines(toJSON(out, digits = I(17), na = "null"), file.path(folder, "survey.json"))
cat("R", as.character(getRversion()), "survey", as.character(packageVersion("survey")), length(out), "cases\n")
