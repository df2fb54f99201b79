# Cinq questions, lues dans les fichiers reçus seulement / five questions, from released files alone.
#
#     Rscript five_questions.R [--numbers] DOSSIER [FICHIER.zip ...]
#
# R seul suffit (aucune extension, aucun réseau). Les graphiques vont dans cinq-questions.pdf.
# La méthode est celle de five_questions.py, et les nombres sont les mêmes: chaque réponse est un
# intervalle qui contient le vrai. Un chiffre publié a été arrondi; un chiffre supprimé vaut au moins
# 0, et au plus ce que les autres tableaux du même fichier lui laissent; une tranche de repas a deux
# bords, et la dernière est ouverte (NA: aucun maximum).
#
# R alone is enough (no package, no network). The charts go into cinq-questions.pdf.
# The method is that of five_questions.py, and the numbers are the same: each answer is an interval
# that holds the true one. A published figure was rounded; a suppressed one is at least 0, and at most
# what the other tables of the same file leave for it; a band of meals has two edges, and the last one
# is open (NA: no highest).

# Les fichiers | The files ---------------------------------------------------------------------------

said_in <- function(text, name) {
  found <- regmatches(text, regexec(paste0('"', name, '": *"?([^",\n]+)'), text))[[1]]
  if (length(found) == 2) found[2] else NA_character_
}

bundle_in <- function(folder) {
  text <- paste(readLines(file.path(folder, "report.json"), encoding = "UTF-8", warn = FALSE), collapse = "\n")
  told <- '"table": "([^"]+)",\\s+"period": "([^"]+)",\\s+"follow": "([^"]+)"'
  parts <- regmatches(text, gregexpr(told, text))[[1]]
  new <- parts[sub(told, "\\3", parts) == "build"]
  names <- list.files(folder, pattern = "[.]csv$")
  tables <- lapply(file.path(folder, names), read.csv, colClasses = "character", na.strings = character(0))
  names(tables) <- sub("[.]csv$", "", names)
  list(
    dataset = said_in(text, "dataset"), as_of = said_in(text, "as_of"),
    base = as.integer(said_in(text, "base")), coverage = said_in(text, "coverage"),
    new = paste(sub(told, "\\1", new), sub(told, "\\2", new)), tables = tables
  )
}

bundles_at <- function(path) {
  if (!dir.exists(path)) {
    folder <- tempfile("bundle")
    unzip(path, exdir = folder)
    return(list(bundle_in(folder)))
  }
  if (file.exists(file.path(path, "report.json"))) return(list(bundle_in(path)))
  inside <- file.path(path, sort(list.files(path)))
  use <- grepl("[.]zip$", inside) | file.exists(file.path(inside, "report.json"))
  do.call(c, c(list(list()), lapply(inside[use], bundles_at)))
}

latest <- function(bundles) {
  found <- list()
  made <- vapply(bundles, function(each) each$as_of, "")
  for (each in bundles[order(made, method = "radix")]) found[[each$dataset]] <- each
  found
}

# Les intervalles | The intervals --------------------------------------------------------------------
# Un intervalle est c(le plus bas, le plus haut); NA: rien ne dit le plus haut.
# An interval is c(the lowest, the highest); NA: nothing says the highest.

FAMILY_OF <- c(
  vehicle = "transport", heavy_equipment = "transport", kitchen = "kitchen", cooking = "kitchen",
  preparation = "kitchen", cold_storage = "storage", dry_storage = "storage",
  refrigeration = "storage", surplus = "other", peoples_time = "other",
  subcontracting = "other", other = "other"
)

plus <- function(low, high) c(sum(low), sum(high))

minus <- function(whole, part) {
  low <- if (is.na(part[2])) 0 else max(0, whole[1] - part[2])
  c(low, if (is.na(whole[2])) NA else max(0, whole[2] - part[1]))
}

percent <- function(part, rest) {
  low <- if (part[1] > 0 && !is.na(rest[2])) (100 * part[1]) %/% (part[1] + rest[2]) else 0
  high <- if (is.na(part[2])) 100 else if (part[2] > 0) -((-100 * part[2]) %/% (part[2] + rest[1])) else 0
  c(low, high)
}

base_of <- function(base, rows, is_new) {
  if (is_new) return(base)
  figures <- names(rows)[paste0(names(rows), "_status") %in% names(rows)]
  shown <- unlist(lapply(figures, function(each) as.numeric(rows[[each]][rows[[paste0(each, "_status")]] == "published"])))
  able <- seq(base, max(base, 25), by = base)
  max(able[vapply(able, function(each) each == base || all(shown %% each == 0), TRUE)])
}

cells_of <- function(bundle) {
  found <- list()
  for (name in names(bundle$tables)) {
    rows <- bundle$tables[[name]]
    time <- names(rows)[sub("^asked_", "", names(rows)) %in% c("quarter", "half_year", "year")]
    if (!is.null(rows$category)) rows$family <- unname(FAMILY_OF[rows$category])
    period <- rows[[time]]
    is_new <- paste(name, period) %in% bundle$new
    base <- vapply(period, function(each) base_of(bundle$base, rows[period == each, ], is_new[match(each, period)]), 1)
    for (figure in names(rows)[paste0(names(rows), "_status") %in% names(rows)]) {
      status <- rows[[paste0(figure, "_status")]]
      value <- suppressWarnings(as.numeric(rows[[figure]]))
      low <- ifelse(status == "published", pmax(1, value - base %/% 2), 0)
      high <- ifelse(status == "zero", 0, ifelse(status == "published", value + base - 1 - base %/% 2, NA))
      empty <- rep(NA_character_, nrow(rows))
      found[[length(found) + 1]] <- data.frame(
        table = name, figure = figure, period = period, status = status, low = low, high = high,
        is_new = is_new, family = if (is.null(rows$family)) empty else rows$family,
        zone = if (is.null(rows$borrower_zone)) empty else rows$borrower_zone,
        from = if (is.null(rows$lender_zone)) empty else rows$lender_zone,
        keys = length(grep("(family|zone)$", setdiff(names(rows), if (is.null(rows$category)) "" else "category"))),
        stringsAsFactors = FALSE
      )
    }
  }
  narrowed(do.call(rbind, found))
}

length_of <- function(period) ifelse(grepl("Q", period), 1, ifelse(grepl("H", period), 2, 4))

wider <- function(period, length) {
  half <- paste0(substr(period, 1, 4), "-H", (suppressWarnings(as.integer(substr(period, 7, 7))) + 1) %/% 2)
  if (length == 4) substr(period, 1, 4) else if (length == 2) ifelse(grepl("Q", period), half, period) else period
}

# Deux tableaux du même fichier, qui comptent les mêmes lignes, ont la même somme.
# Two tables of one file that count the same rows have the same sum.
narrowed <- function(cells) {
  for (figure in unique(cells$figure)) {
    tables <- sort(unique(cells$table[cells$figure == figure]), method = "radix")
    if (length(tables) < 2) next
    for (pair in combn(tables, 2, simplify = FALSE)) {
      at <- lapply(pair, function(each) which(cells$figure == figure & cells$table == each))
      lengths <- vapply(at, function(rows) length_of(cells$period[rows[1]]), 1)
      both <- Filter(function(key) all(vapply(at, function(rows) !is.na(cells[[key]][rows[1]]), TRUE)), c("family", "zone", "from"))
      groups <- lapply(1:2, function(n) {
        rows <- at[[n]]
        label <- do.call(paste, c(lapply(both, function(key) cells[[key]][rows]), list(wider(cells$period[rows], max(lengths)))))
        some <- split(rows, label)
        Filter(function(each) all(cells$is_new[each]) && length(unique(cells$period[each])) == max(lengths) / lengths[n], some)
      })
      for (label in intersect(names(groups[[1]]), names(groups[[2]]))) for (turn in 1:3) for (n in 1:2) {
        mine <- groups[[n]][[label]]
        other <- groups[[3 - n]][[label]]
        whole <- plus(cells$low[other], cells$high[other])
        for (cell in mine) {
          rest <- setdiff(mine, cell)
          left <- minus(whole, plus(cells$low[rest], cells$high[rest]))
          cells$low[cell] <- max(cells$low[cell], left[1])
          cells$high[cell] <- if (all(is.na(c(cells$high[cell], left[2])))) NA else min(cells$high[cell], left[2], na.rm = TRUE)
        }
      }
    }
  }
  cells
}

# Un chiffre selon des clés, du tableau qui en a le moins d'autres.
# A figure by some keys, from the table with the fewest others.
by <- function(cells, figure, keys, family = NULL) {
  wanted <- unique(c(setdiff(keys, "period"), if (!is.null(family)) "family"))
  fine <- cells[cells$figure == figure, ]
  for (key in wanted) fine <- fine[!is.na(fine[[key]]), ]
  if (nrow(fine) == 0) return(NULL)
  fewest <- fine[fine$keys == min(fine$keys), ]
  fine <- fewest[fewest$table == sort(fewest$table, method = "radix")[1], ]
  if (!is.null(family)) fine <- fine[fine$family == family, ]
  label <- do.call(paste, lapply(keys, function(key) fine[[key]]))
  low <- tapply(fine$low, label, sum)
  high <- tapply(fine$high, label, sum)
  first <- match(names(low), label)
  data.frame(line = names(low), period = fine$period[first], low = as.vector(low), high = as.vector(high), stringsAsFactors = FALSE)
}

share_hidden <- function(cells) {
  round(100 * mean(!(cells$status %in% c("published", "zero"))))
}

# Les réponses | The answers -------------------------------------------------------------------------

QUESTIONS <- c(
  "Où et quand manque-t-il du transport réfrigéré? / Where and when is refrigerated transport short?",
  "Combien de temps de cuisine reste libre? / How much kitchen time stands unused?",
  "Qui prête d’un secteur à l’autre? / Who lends across zones?",
  "Qu’est-ce qu’on cherche en vain? / What demand goes unmet?",
  "Combien de repas le partage a-t-il permis? / How many meals has sharing enabled?"
)
UNITS <- c(
  "fois en vain, sur 100 / times in vain, of 100", "heures non prêtées / hours not lent",
  "prêts d’un secteur à l’autre / loans across zones", "fois en vain / times in vain", "repas / meals"
)
CAVEATS <- c(
  "Les fichiers disent transport, sans dire ce qui est réfrigéré; un besoin peut être cherché plusieurs fois. / The files say transport, and do not tell what is refrigerated; one need may be searched for several times.",
  "Une heure offerte est une heure du calendrier, la nuit aussi. / An hour on offer is an hour of the calendar, at night too.",
  "On compte par secteur du prêteur, jamais par organisme. / Loans are counted by the lender's zone, never by organization.",
  "On compte des fois: un même besoin peut être cherché plusieurs jours, puis demandé. / These are times: one need may be searched for on several days, then asked for.",
  "Une seule cuisine peut peser lourd, et la plus haute tranche n’a pas de plafond. / One kitchen may weigh heavily, and the highest band has no ceiling."
)
NEEDS <- list(c("unmet-demand", "equipment-use"), "equipment-use", "lending-flows", "unmet-demand", "loans")

line_of <- function(table, line, measure, interval) {
  data.frame(table = table, line = line, measure = measure, low = interval[1], high = interval[2], stringsAsFactors = FALSE)
}

in_vain <- function(wanted, used, keys, family, table) {
  searches <- by(wanted, "searches", keys, family)
  requests <- by(wanted, "requests", keys, family)
  loans <- by(used, "loans", keys, family)
  found <- NULL
  for (line in intersect(searches$line, loans$line)) {
    some <- lapply(list(searches, requests, loans), function(each) unlist(each[each$line == line, c("low", "high")]))
    vain <- some[[1]] + some[[2]]
    found <- rbind(found, line_of(table, line, 1, percent(vain, some[[3]])), line_of(table, line, 2, vain), line_of(table, line, 3, some[[3]]))
  }
  found
}

shortage <- function(bundles) {
  wanted <- cells_of(bundles[["unmet-demand"]])
  used <- cells_of(bundles[["equipment-use"]])
  when <- in_vain(wanted, used, "period", "transport", 1)
  if (is.null(when)) return(NULL)
  where <- in_vain(wanted, used, c("zone", "period"), "transport", 2)
  where <- where[!grepl("^elsewhere", where$line), ]
  offered <- by(used, "unit_hours_offered", "period", "transport")
  lent <- by(used, "unit_hours_lent", "period", "transport")
  for (line in unique(when$line)) {
    free <- c(0, NA)
    if (line %in% offered$line) free <- minus(unlist(offered[offered$line == line, c("low", "high")]), unlist(lent[lent$line == line, c("low", "high")]))
    when <- rbind(when, line_of(1, line, 4, free))
  }
  parts <- lapply(2:3, function(n) with(when[when$measure == n, ], plus(low, high)))
  rbind(line_of(0, "", 0, percent(parts[[1]], parts[[2]])), when, where)
}

unused <- function(bundles) {
  used <- cells_of(bundles[["equipment-use"]])
  offered <- by(used, "unit_hours_offered", "period", "kitchen")
  lent <- by(used, "unit_hours_lent", "period", "kitchen")
  if (is.null(offered)) return(NULL)
  found <- line_of(0, "", 0, minus(plus(offered$low, offered$high), plus(lent$low, lent$high)))
  for (line in offered$line) {
    whole <- unlist(offered[offered$line == line, c("low", "high")])
    part <- unlist(lent[lent$line == line, c("low", "high")])
    found <- rbind(found, line_of(1, line, 1, minus(whole, part)), line_of(1, line, 2, whole), line_of(1, line, 3, part))
  }
  found
}

across <- function(bundles) {
  flows <- by(cells_of(bundles[["lending-flows"]]), "loans", c("from", "zone"))
  ends <- do.call(rbind, strsplit(flows$line, " "))
  found <- NULL
  for (start in setdiff(unique(ends[, 1]), "elsewhere")) {
    of <- function(use) plus(flows$low[use], flows$high[use])
    away <- of(ends[, 1] == start & !(ends[, 2] %in% c(start, "elsewhere")))
    own <- of(ends[, 1] == start & ends[, 2] == start)
    unknown <- c(0, of(ends[, 1] == start & ends[, 2] == "elsewhere")[2])
    found <- rbind(found, line_of(1, start, 1, away), line_of(1, start, 2, own), line_of(1, start, 3, percent(away + unknown, own + unknown)))
  }
  rbind(line_of(0, "", 0, with(found[found$measure == 1, ], plus(low, high))), found)
}

unmet <- function(bundles) {
  wanted <- cells_of(bundles[["unmet-demand"]])
  found <- NULL
  table <- 0
  for (key in c("family", "zone", "period")) {
    searches <- by(wanted, "searches", key)
    requests <- by(wanted, "requests", key)
    if (is.null(searches)) next
    table <- table + 1
    for (line in searches$line) {
      one <- unlist(searches[searches$line == line, c("low", "high")])
      other <- unlist(requests[requests$line == line, c("low", "high")])
      found <- rbind(found, line_of(table, line, 1, one + other), line_of(table, line, 2, one), line_of(table, line, 3, other))
    }
  }
  rbind(line_of(0, "", 0, with(found[found$table == table & found$measure == 1, ], plus(low, high))), found)
}

MEALS_LOW <- c(not_recorded = 0, "1-50" = 1, "51-200" = 51, "201+" = 201, said = 1, "*" = 0)
MEALS_HIGH <- c(not_recorded = 0, "1-50" = 50, "51-200" = 200, "201+" = NA, said = NA, "*" = NA)

meals <- function(bundles) {
  loans <- bundles[["loans"]]$tables[["loans"]]
  loans <- loans[loans$outcome %in% c("returned_on_time", "returned_late", "not_returned"), ]
  if (nrow(loans) == 0) return(NULL)
  low <- MEALS_LOW[loans$meals_band]
  high <- MEALS_HIGH[loans$meals_band]
  found <- line_of(0, "", 0, plus(low, high))
  for (table in 1:2) {
    key <- loans[[c("quarter", "family")[table]]]
    for (line in sort(unique(key), method = "radix")) {
      here <- key == line
      silent <- sum(loans$meals_band[here] == "not_recorded")
      found <- rbind(found, line_of(table, line, 1, plus(low[here], high[here])), line_of(table, line, 2, rep(sum(here), 2)), line_of(table, line, 3, rep(silent, 2)))
    }
  }
  found
}

# Imprimer | Print -----------------------------------------------------------------------------------

whole <- function(number) ifelse(is.na(number), "", format(number, scientific = FALSE, trim = TRUE))

in_words <- function(low, high) {
  ifelse(is.na(high), ifelse(low > 0, paste("au moins / at least", whole(low)), "inconnu / unknown"), ifelse(low == high, whole(low), paste(whole(low), "-", whole(high))))
}

drawn <- function(found, title) {
  first <- found[found$table == 1 & found$measure == 1, ]
  top <- max(first$low, first$high, 1, na.rm = TRUE)
  high <- ifelse(is.na(first$high), top, first$high)
  old <- par(mar = c(4, 11, 4, 1))
  barplot(rbind(first$low, high - first$low), names.arg = first$line, horiz = TRUE, las = 1, col = c("grey30", "grey80"), xlim = c(0, top), cex.main = 0.8, main = title)
  par(old)
}

main <- function(arguments) {
  paths <- setdiff(arguments, "--numbers")
  if (length(paths) == 0 || !all(file.exists(paths))) {
    message("Rscript five_questions.R [--numbers] DOSSIER [FICHIER.zip ...]")
    quit(status = 2)
  }
  bundles <- latest(do.call(c, lapply(paths, bundles_at)))
  only_numbers <- "--numbers" %in% arguments
  if (only_numbers) cat("question,table,line,measure,low,high\n") else pdf("cinq-questions.pdf", width = 8, height = 6)
  for (question in seq_along(QUESTIONS)) {
    missing <- setdiff(NEEDS[[question]], names(bundles))
    found <- if (length(missing) == 0) list(shortage, unused, across, unmet, meals)[[question]](bundles)
    if (only_numbers) {
      if (!is.null(found)) cat(paste(question, found$table, found$line, found$measure, whole(found$low), whole(found$high), sep = ","), sep = "\n")
      next
    }
    cat("\n", QUESTIONS[question], "\n\n", sep = "")
    if (length(missing) > 0) {
      cat("Il manque un fichier / a file is missing:", paste(missing, collapse = ", "), "\nCe n’est pas un zéro. / That is not a zero.\n")
    } else if (is.null(found)) {
      cat("Aucun tableau n’est assez fin, ou il a été retenu. Ce n’est pas un zéro. / No table is fine enough, or it was withheld. That is not a zero.\n")
    } else {
      cat(in_words(found$low[1], found$high[1]), UNITS[question], "\n\n")
      shown <- data.frame(found[-1, c("table", "line", "measure")], interval = in_words(found$low[-1], found$high[-1]))
      print(shown, row.names = FALSE, right = FALSE)
      drawn(found, QUESTIONS[question])
      cat("\n-", CAVEATS[question], "\n")
      for (name in NEEDS[[question]]) {
        cat("- ", name, ": ", bundles[[name]]$coverage, " du réseau a dit oui / of the network said yes", sep = "")
        if (name != "loans") cat("; ", share_hidden(cells_of(bundles[[name]])), " % supprimés / suppressed", sep = "")
        cat("\n")
      }
    }
  }
  if (!only_numbers) invisible(dev.off())
}

main(commandArgs(trailingOnly = TRUE))
