"""The last word of the database: the text that a loan was agreed under stays as it was.

Triggers on both engines, whatever code path writes. The migrations run these statements, and a test
at head compares what the database holds with them.
"""

#: The name that the errors carry.
FIXED = "loan_agreement_fixed"

POSTGRESQL = (
    f"""CREATE FUNCTION {FIXED}() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
  RAISE EXCEPTION '{FIXED}' USING ERRCODE = 'check_violation', CONSTRAINT = '{FIXED}';
END $guard$""",
    f"""CREATE TRIGGER {FIXED} BEFORE UPDATE ON loan_agreement
FOR EACH STATEMENT EXECUTE FUNCTION {FIXED}()""",
)

SQLITE = (
    f"""CREATE TRIGGER {FIXED} BEFORE UPDATE ON loan_agreement
BEGIN SELECT RAISE(ABORT, '{FIXED}'); END""",
)

#: Statements that put the guard in place, by dialect.
STATEMENTS = {"postgresql": POSTGRESQL, "sqlite": SQLITE}
