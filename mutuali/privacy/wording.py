"""What the command and its report say, in both languages side by side.

Written with plain blanks; those that must not break a line are put in as a sentence is said.
"""

import re
from enum import StrEnum


class Language(StrEnum):
    """French first, as in the pages."""

    FR = "fr"
    EN = "en"


# fmt: off
#: By code: French, English; one sentence, one line.
SENTENCES: dict[str, tuple[str, str]] = {
    # Where
    "at_line": ("ligne {line}", "line {line}"),
    "in_file": ("{file}, ligne {line}", "{file}, line {line}"),
    "plan_problems": ("Le plan {file} est à corriger :", "The plan {file} needs correcting:"),
    # Plans
    "not_toml": ("ce n'est pas du TOML : {reason}", "this is not TOML: {reason}"),
    "unknown_key": ("clé inconnue « {key} »; connues ici : {known}", 'unknown key "{key}"; known here: {known}'),
    "missing_key": ("il manque « {key} »", '"{key}" is missing'),
    "wrong_type": ("il faut {wanted}", "this must be {wanted}"),
    "wrong_elements": ("il faut une liste dont chaque élément est {wanted}", "this must be a list, each element of it {wanted}"),
    "one_of": ("« {first} » et « {other} » se contredisent : gardez-en un seul", '"{first}" and "{other}" contradict each other: keep one'),
    "unknown_model": ("modèle inconnu « {model} »; connus : {known}", 'unknown model "{model}"; known: {known}'),
    "unknown_choice": ("« {value} » n'est pas un choix; possibles : {known}", '"{value}" is no choice; possible: {known}'),
    "bad_plan": ("le plan se contredit : {reason}", "the plan contradicts itself: {reason}"),
    "bad_column": ("cette colonne ne va pas : {reason}", "this column does not fit: {reason}"),
    "bad_model": ("ce modèle ne va pas : {reason}", "this model does not fit: {reason}"),
    "bad_hierarchy": ("cette hiérarchie ne va pas : {reason}", "this hierarchy does not fit: {reason}"),
    "bad_chain": ("la valeur « {value} » ne va pas avec les autres : {reason}", 'the value "{value}" does not fit the others: {reason}'),
    "no_such_file": ("le fichier « {file} » ne peut pas être lu", 'the file "{file}" cannot be read'),
    "missing_column": ("la table n'a pas de colonne « {column} »; elle a : {known}", 'the table has no column "{column}"; it has: {known}'),
    "missing_columns": ("la table n'a pas les colonnes : {column}. Elle a : {known}", 'the table has no column "{column}"; it has: {known}'),
    "widths_or_edges": ("des intervalles demandent « widths » ou bien « edges », l'un des deux", 'intervals need "widths" or else "edges", one of them'),
    "width_not_positive": ("une largeur est plus grande que 0", "a width is above 0"),
    "bottom_not_below_top": ("le bas {bottom} n'est pas sous le haut {top}", "the bottom {bottom} is not below the top {top}"),
    "widths_not_nested": ("les largeurs ne s'emboîtent pas : {coarser} n'est pas un multiple de {finer}", "the widths are not nested: {coarser} is no multiple of {finer}"),
    "edges_not_nested": ("les bornes ne s'emboîtent pas : {edges} manque au niveau plus fin", "the edges are not nested: the finer level lacks {edges}"),
    "too_many_intervals": ("{count} intervalles de largeur {width}, c'est trop", "{count} intervals of width {width} are too many"),
    "empty_domain": ("le domaine n'a aucune valeur", "the domain has no value"),
    "domain_needed": ('déclarez « domain » : from et to, values, file, ou "table"', 'declare "domain": from and to, values, file, or "table"'),
    "domain_too_long": ("un domaine de {count} valeurs est trop long", "a domain of {count} values is too long"),
    "bad_range": ("de {first} à {last} : il faut deux nombres entiers, deux dates ou deux heures, en ordre", "from {first} to {last}: two whole numbers, two dates or two times are needed, in order"),
    "no_table_here": ("le domaine vient de la table, et il n'y en a pas ici", "the domain comes from the table, and there is none here"),
    "value_twice": ("« {value} » y est deux fois", '"{value}" stands there twice'),
    "not_a_number": ("« {value} » n'est pas un nombre", '"{value}" is not a number'),
    "not_a_date": ("« {value} » n'est pas une date (2026-03-04)", '"{value}" is not a date (2026-03-04)'),
    "not_a_time": ("« {value} » n'a pas d'heure (08:30)", '"{value}" has no time of day (08:30)'),
    "no_levels": ("aucun niveau n'est nommé", "no level is named"),
    "unknown_unit": ("« {unit} » n'est pas une unité; possibles : {known}", '"{unit}" is no unit; possible: {known}'),
    "units_out_of_order": ("« {finer} » vient après « {coarser} »; du plus fin au plus grossier", '"{finer}" comes after "{coarser}"; from finest to coarsest'),
    "week_crosses": ("une semaine chevauche deux mois ou deux ans : « {coarser} » ne peut pas la contenir; gardez l'un ou l'autre", 'a week crosses the ends of months and years, so "{coarser}" cannot hold it; keep one or the other'),
    "day_is_the_value": ("ces valeurs sont déjà des jours : enlevez « day »", 'these values are days already: take "day" out'),
    "lengths_do_not_descend": ("les longueurs {lengths} doivent descendre, jusqu'à 1 au moins", "the lengths {lengths} must descend, to 1 at least"),
    "mask_not_one": ("« {mask} » n'est pas un seul caractère", '"{mask}" is not one character'),
    "unknown_place": ("le niveau « {level} » ne nomme pas « {value} »", 'level "{level}" does not name "{value}"'),
    "place_nowhere": ("au niveau « {level} », « {value} » ne touche aucun secteur; nommez « elsewhere »", 'at level "{level}", "{value}" touches no area; name an "elsewhere"'),
    "bar_in_name": ("le nom « {value} » contient « {bar} », qui sépare les secteurs", 'the name "{value}" holds "{bar}", which stands between areas'),
    "no_such_file_column": ("le fichier n'a pas une (seule) colonne « {column} »; il a : {known}", 'the file does not have one column "{column}"; it has: {known}'),
    "pair_needed": ("il faut des paires de colonnes", "pairs of columns are needed"),
    "alias_of_two": ("« {value} » est l'alias de deux noms", '"{value}" is the alias of two names'),
    "alias_of_alias": ("« {value} » renvoie à un nom qui est lui-même un alias", '"{value}" leads to a name that is an alias itself'),
    # Files
    "not_utf8": ("le texte n'est pas en UTF-8", "the text is not UTF-8"),
    "nul_byte": ("un octet NUL : ce n'est pas du texte", "a NUL byte: this is not text"),
    "open_quote": ("un guillemet ouvert ici n'est jamais fermé", "a quote opened here is never closed"),
    "stray_quote": ("un guillemet se trouve au milieu d'une cellule", "a quote stands in the middle of a cell"),
    "cell_too_long": ("une cellule de plus de {limit} caractères", "a cell of more than {limit} characters"),
    "line_length": ("{found} cellules au lieu de {expected}", "{found} cells instead of {expected}"),
    "header_twice": ("le nom de colonne « {column} » y est deux fois", 'the column name "{column}" stands there twice'),
    "empty_file": ("le fichier est vide", "the file is empty"),
    "no_value": ("la colonne « {column} » est vide d'un bout à l'autre", 'the column "{column}" has no value at all'),
    "ending_unknown": ("« {file} » : la sortie finit par .csv ou .parquet, le rapport par .json ou .html", '"{file}": the output ends in .csv or .parquet, the report in .json or .html'),
    "own_input": ("« {file} » serait écrit par-dessus ce qui est lu", '"{file}" would be written over what is read'),
    "no_such_folder": ("il n'y a pas de dossier « {file} »", 'there is no folder "{file}"'),
    "unwritable": ("« {file} » ne peut pas être écrit : {reason}", '"{file}" cannot be written: {reason}'),
    # Refusals of the engine
    "unknown_value": ("colonne « {column} », ligne {row} : la hiérarchie ne connaît pas « {value} »", 'column "{column}", row {row}: the hierarchy does not know "{value}"'),
    "bad_cell": ("colonne « {column} », ligne {row} : {reason}", 'column "{column}", row {row}: {reason}'),
    "bad_table": ("colonne « {column} » : {reason}", 'column "{column}": {reason}'),
    "privacy.empty_table": ("la table n'a aucune ligne : rien à communiquer", "the table has no rows: nothing to release"),
    "privacy.too_few_contributors": ("trop peu de monde pour cacher chacun : {detail}", "too few to hide anybody: {detail}"),
    "privacy.no_scheme_passes": ("aucun degré de généralisation ne tient le plan : {detail}", "no generalization keeps the plan: {detail}"),
    "privacy.all_suppressed": ("tout serait retiré : rien à communiquer", "everything would be left out: nothing to release"),
    "too_many_rows": ("la table est trop longue : {reason}", "the table is too long: {reason}"),
    "unsafe_output": ("la sortie ne tient pas le plan et n'a pas été gardée : {reason}", "the output does not keep the plan and was not kept: {reason}"),
    "disagreement": ("la vérification n'arrive pas aux mêmes chiffres; rien n'a été gardé : {reason}", "the second look does not find the same; nothing was kept: {reason}"),
    "unreadable": ("le fichier ne peut pas être lu : {reason}", "the file cannot be read: {reason}"),
    "other": ("{reason}", "{reason}"),
    # Kinds of TOML values
    "text": ("un texte", "a text"),
    "integer": ("un nombre entier", "a whole number"),
    "number": ("un nombre", "a number"),
    "boolean": ("true ou false", "true or false"),
    "list": ("une liste", "a list"),
    "table": ("une table", "a table"),
    # Roles
    "identifier": ("identifiant : ne sort jamais", "identifier: never leaves"),
    "contributor": ("contributeur : compté, ne sort jamais", "contributor: counted, never leaves"),
    "quasi-identifier": ("quasi-identifiant : généralisé", "quasi-identifier: generalized"),
    "sensitive": ("sensible : sort tel quel, surveillé", "sensitive: leaves as it is, watched"),
    "plain": ("ordinaire : sort tel quel", "plain: leaves as it is"),
    # Steps
    "stage_group": ("Lecture", "Reading"),
    "stage_search": ("Recherche", "Searching"),
    "stage_write": ("Écriture", "Writing"),
    "stage_check": ("Vérification", "Checking"),
    "stage_measure": ("Mesures", "Measuring"),
    "stopped": ("Arrêté. Rien n'a été écrit.", "Stopped. Nothing was written."),
    # Summaries
    "rows_read": ("Lu : {rows:ligne|lignes}; au plan : {columns:colonne|colonnes}.", "Read: {rows:row|rows}; in the plan: {columns:column|columns}."),
    "smallest_class": ("Plus petit groupe : {unit}; promis : {k}.", "Smallest group: {unit}; promised: {k}."),
    "unit_rows": ("{size:ligne|lignes}", "{size:row|rows}"),
    "unit_side": ("{size:contributeur|contributeurs} du côté « {side} »", '{size:contributor|contributors} on side "{side}"'),
    "kept": ("Tel quel, ce fichier tient le plan.", "As it is, this file keeps the plan."),
    "not_kept": ("Tel quel, ce fichier ne tient pas le plan : {rows:ligne|lignes} ({share}) dans des groupes qui en disent trop.", "As it is, this file does not keep the plan: {rows:row|rows} ({share}) in groups that say too much."),
    "left_out": ("Sortent : {out:ligne|lignes} sur {rows}. Retirées : {suppressed} ({share}).", "{out} of {rows:row|rows} leave. Left out: {suppressed} ({share})."),
    "hidden_among": ("Chaque ligne se cache parmi au moins {unit}.", "Each row hides among at least {unit}."),
    "lost": ("Perte d'information : {loss} (0 rien, 1 tout).", "Information lost: {loss} (0 nothing, 1 everything)."),
    "level_of": ("{column} : {level}, perte {loss}", "{column}: {level}, lost {loss}"),
    "confirmed": ("Relu depuis le fichier écrit et recompté : conforme.", "Read back from the written file and counted again: confirmed."),
    "plan_hash": ("Plan {version}, empreinte {hash}", "Plan {version}, hash {hash}"),
    # The report
    "report_title": ("Rapport de dépersonnalisation", "De-identification report"),
    "headline": ("{out} lignes sur {rows} peuvent sortir : chacune se cache parmi au moins {unit}.", "{out} of {rows} rows can leave: each hides among at least {unit}."),
    "before": ("Avant", "Before"),
    "after": ("Après", "After"),
    "figure_rows": ("lignes sortent", "rows leave"),
    "figure_suppressed": ("retirées", "left out"),
    "figure_risk": ("risque le plus élevé", "highest risk"),
    "figure_loss": ("perte d'information", "information lost"),
    "was": ("avant : {value}", "before: {value}"),
    "sizes_title": ("Avec combien d'autres se confond-on?", "Among how many does one disappear?"),
    "sizes_finding": ("Avant, {before} des lignes étaient seules de leur genre; après, {after}.", "Before, {before} of the rows were alone of their kind; after, {after}."),
    "sizes_label": ("groupes de {band}", "groups of {band}"),
    "size_column": ("Taille du groupe", "Size of group"),
    "share_of_rows": ("part des lignes", "share of rows"),
    "risk_title": ("Pourrait-on reconnaître quelqu'un?", "Could somebody be recognized?"),
    "risk_finding": ("Qui sait qu'une personne est dans la table tombait juste jusqu'à {before} du temps; il n'y arrive plus qu'une fois sur {odds} au mieux.", "Whoever knows that a person is in the table was right up to {before} of the time; now at best one time in {odds}."),
    "risk_highest": ("Au pire, ligne la plus exposée", "At worst, the most exposed row"),
    "risk_average": ("En moyenne sur les lignes", "On average over the rows"),
    "risk_above": ("Lignes à plus de {threshold} de risque", "Rows above {threshold} risk"),
    "risk_guess": ("Deviner « {column} » dans le groupe le plus révélateur", 'Guessing "{column}" in the most telling group'),
    "risk_column": ("Ce qu'un curieux réussit", "What a curious person achieves"),
    "columns_title": ("Qu'est-ce que chaque colonne a perdu?", "What has each column lost?"),
    "columns_finding": ("La colonne « {most} » a perdu le plus ({loss}), « {least} » le moins ({least_loss}).", 'Column "{most}" lost the most ({loss}), "{least}" the least ({least_loss}).'),
    "column": ("Colonne", "Column"),
    "level": ("Niveau", "Level"),
    "level_mixed": ("niveaux {finest} à {coarsest}, selon le groupe", "levels {finest} to {coarsest}, by group"),
    "level_none": ("tel quel", "as it is"),
    "level_top": ("tout masqué", "all hidden"),
    "level_only": ("niveau {number} sur {top}", "level {number} of {top}"),
    "level_number": ("{name}, niveau {number} sur {top}", "{name}, level {number} of {top}"),
    "loss": ("Perte", "Loss"),
    "promises_title": ("Promis et trouvé", "Promised and found"),
    "promise": ("Promesse", "Promise"),
    "promised": ("Promis", "Promised"),
    "found": ("Trouvé", "Found"),
    "promise_k": ("Contributeurs du côté « {side} » par groupe, au moins", "Contributors on side \"{side}\" per group, at least"),
    "model_kept": ("{name} : promis {promised}, trouvé {found}.", "{name}: {promised} promised, {found} found."),
    "on_side": ("du côté « {side} »", 'on side "{side}"'),
    "model_distinct": ("Valeurs différentes par groupe, au moins, de", "Different values per group, at least, of"),
    "model_highest_share": ("Part de la valeur la plus fréquente, au plus, de", "Share of the most frequent value, at most, of"),
    "model_entropy-diversity": ("Diversité par l'entropie, au moins, de", "Entropy diversity, at least, of"),
    "model_recursive-diversity": ("Diversité récursive (c), au plus, de", "Recursive diversity (c), at most, of"),
    "model_t-closeness": ("Écart à toute la table (t), au plus, de", "Distance to the whole table (t), at most, of"),
    "model_delta-disclosure": ("Écart de fréquence (delta), au plus, de", "Difference in frequency (delta), at most, of"),
    "model_beta-likeness": ("Gain de vraisemblance (bêta), au plus, de", "Gain in likelihood (beta), at most, of"),
    "model_k-map": ("Membres de la population derrière chaque groupe, au moins", "Members of the population behind each group, at least"),
    "model_lowest_presence": ("Part de la population présente, au moins", "Share of the population present, at least"),
    "model_highest_presence": ("Part de la population présente, au plus", "Share of the population present, at most"),
    "model_average_risk": ("Risque moyen, au plus", "Average risk, at most"),
    "promise_rows": ("Lignes par groupe, au moins", "Rows per group, at least"),
    "promise_without": ("Les mêmes, {coalition:contributeur|contributeurs} en moins", "The same, less any {coalition:contributor|contributors}"),
    "promise_suppressed": ("Part des lignes retirées, au plus", "Share of rows left out, at most"),
    "kept_word": ("tenu", "kept"),
    "rows_word": ("Lignes", "Rows"),
    "allowed": ("permises par le plan", "allowed by the plan"),
    "suppressed_title": ("Ce qui a été retiré", "What was left out"),
    "suppressed_finding": ("{suppressed} lignes sur {rows} ({share}) étaient trop particulières et ne sortent pas; le plan en permet {limit}.", "{suppressed} of {rows} rows ({share}) were too peculiar and do not leave; the plan allows {limit}."),
    "suppressed_none": ("Aucune ligne n'a été retirée; le plan en permet {limit}.", "No row was left out; the plan allows {limit}."),
    "questions_title": ("Les questions d'une analyste, avant et après", "An analyst's questions, before and after"),
    "question_counts": ("Combien de lignes par « {by} »?", 'How many rows by "{by}"?'),
    "question_cross": ("Combien de lignes par « {by} » et « {and_by} »?", 'How many rows by "{by}" and "{and_by}"?'),
    "question_mean": ("Quelle est la moyenne de « {of} » par « {by} »?", 'What is the mean of "{of}" by "{by}"?'),
    "question_share": ("Dans quelle part de « {by} » a-t-on « {of} » = « {value} »?", 'In what share of "{by}" is "{of}" = "{value}"?'),
    "question_trend": ("Comment le nombre de lignes évolue-t-il selon « {by} »?", 'How do the counts go along "{by}"?'),
    "question_apart": ("Écart moyen : {difference}; au pire {worst}. Groupes : {raw_groups} avant d'être regroupés, {groups} ici.", "Apart by {difference} on average, {worst} at worst. Groups: {raw_groups} before they were merged, {groups} here."),
    "more_groups": ("Les {shown} plus grands groupes sur {groups}.", "The {shown} largest of {groups} groups."),
    "group": ("Groupe", "Group"),
    "missing": ("(vide)", "(empty)"),
    "proof_title": ("Pour vérifier", "To check this"),
    "proof": ("Le fichier a été relu depuis le disque et recompté par un autre programme avant d'être gardé. Plan {version}, empreinte SHA-256 :", "The file was read back from the disk and counted again by other code before it was kept. Plan {version}, SHA-256:"),
    "counts_shown": ("Cellules montrées : {shown}. Cachées : {hidden}, dont {unsafe} parce qu'elles en disaient trop, les autres pour qu'on ne puisse pas les calculer.", "Cells shown: {shown}. Hidden: {hidden}, {unsafe} of them because they said too much, the others so that those cannot be computed."),
    "counts_attacked": ("Mis à l'épreuve par {attackers:attaquant|attaquants}, chaque contributeur compris : rien de caché ne se calcule.", "Put to the test by {attackers:attacker|attackers}, every contributor among them: nothing hidden can be computed."),
    "attacks_played": ("{played:attaque jouée|attaques jouées}; {learnt} ont appris quelque chose de sûr.", "{played:attack|attacks} played; {learnt} found something out for sure."),
    "attacks_not_played": ("Pas jouées :", "Not played:"),
    "not_of_this_table": ("cette ligne ne peut pas venir de la table brute sous ce plan", "this row cannot have come from the raw table under this plan"),
    "no_such_labels": ("la colonne « {column} » a des libellés qui ne sont d'aucun niveau", 'column "{column}" has labels that are of no level'),
    "not_in_plan": ("le plan n'a pas de colonne « {column} »", 'the plan has no column "{column}"'),
    "no_such_level": ("la colonne « {column} » n'a pas de niveau « {level} »; elle a : {known}", 'column "{column}" has no level "{level}"; it has: {known}'),
    "too_many_cells": ("{count} cellules, c'est trop; {most} au plus", "{count} cells are too many; {most} at most"),
    "wrote": ("Écrit : {file}", "Written: {file}"),
}
# fmt: on

# fmt: off
#: What the engine gives as a reason, in French.
REASONS = (
    (r"every row needs its contributor", "chaque ligne doit dire qui y contribue"),
    (r"an instant between two seconds cannot be handled here", "un instant entre deux secondes ne se traite pas ici"),
    (r"the text is not UTF-8", "le texte n'est pas en UTF-8"),
    (r"values of type (.*) cannot be handled here", r"les valeurs de type \1 ne se traitent pas ici"),
    (r"side '(.*)': (\d+) contributors cannot hide each among (\d+)", r"du côté « \1 », \2 pour se cacher chacun parmi \3"),
    (r"table: (\d+) rows cannot hide each among (\d+)", r"\1 lignes pour se cacher chacune parmi \2"),
    (r"no scheme keeps the plan with at most (\d+) rows suppressed", r"rien ne suffit en retirant \1 lignes au plus"),
    (r"(\d+) rows keep no place among others; at most (\d+) may be left out", r"\1 lignes restent seules; \2 au plus peuvent être retirées"),
    (r"the fixed scheme leaves out (\d+) rows; at most (\d+) may be", r"le degré fixé retire \1 lignes; \2 au plus peuvent l'être"),
    (r"the plan compares with a population, and none was given", "un modèle compare la table à une population; le plan doit la nommer"),
    (r"the file cannot be read as Parquet", "ce n'est pas un fichier Parquet lisible"),
    (r"(\d+) rows; at most (\d+) can be counted exactly", r"\1 lignes annoncées; \2 au plus se comptent exactement"),
)
# fmt: on

NO_BREAK = "\u00a0"

#: Where a French line must not break: inside « », before : and %, between digits.
_FRENCH = (
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
    (re.compile(r" (?=[:%»])"), NO_BREAK),
    (re.compile(r"(?<=«) "), NO_BREAK),
)


def say(code: str, language: Language, /, **values: object) -> str:
    """The sentence of a code, its blanks filled in."""
    french, english = SENTENCES[code]
    if language is Language.EN:
        return english.format(**values)
    return typeset(french, language).format(**values)


def typeset(text: str, language: Language) -> str:
    """The text with the blanks that its language wants."""
    if language is Language.FR:
        for where, blank in _FRENCH:
            text = where.sub(blank, text)
    return text


class Count(int):
    """A number of things, said with its word: ``{rows:row|rows}`` in a sentence."""

    language: Language

    @classmethod
    def of(cls, value: int, language: Language) -> "Count":
        """``value`` in the way of a language: 0 and 1 are singular in French, 1 alone in English."""
        count = cls(value)
        count.language = language
        return count

    def __format__(self, words: str) -> str:
        said = number(int(self), self.language)
        if not words:
            return said
        one, many = words.split("|")
        singular = self < 2 if self.language is Language.FR else self == 1
        return f"{said} {one if singular else many}"


def number(value: float, language: Language, digits: int = 0) -> str:
    """12 345,6 in French, 12,345.6 in English."""
    text = f"{value:,.{digits}f}"
    if language is Language.FR:
        return text.replace(",", NO_BREAK).replace(".", ",")
    return text


def percent(share: float, language: Language, digits: int = 1) -> str:
    """A share as a percentage; only 0 and 1 are said as 0 and 100 %, what is near them as near."""
    sign = f"{NO_BREAK}%" if language is Language.FR else "%"
    least, value = 10.0**-digits, 100 * share
    if 0 < value < least:
        return f"<{number(least, language, digits)}{sign}"
    if 100 - least < value < 100:
        return f">{number(100 - least, language, digits)}{sign}"
    rounded = round(value, digits)
    return number(rounded, language, 0 if rounded == round(rounded) else digits) + sign
