"""De-identification: a table and a plan go in, a release and a report come out.

Pure and usable alone: no database session, no clock, no randomness but OpenDP's own samplers. The
rooms, in the order a table walks through them:

1. ``plan`` says, as data with a hash, what each column is and what the release must promise.
2. ``recode`` groups the table once (``histogram``) and works on integer codes from there:
   ``classes`` counts contributors per class, also after taking any one of them away; ``search``
   finds the provably best scheme (one level per column) within the suppression limit; ``anytime``
   looks for a good one where there are too many, and says how good any can be; ``local`` gives
   each class its own levels, for a plan that asks for local recoding.
3. ``engine.deidentify`` applies what was chosen: sorted table, private witness, report.
4. ``text.to_csv`` writes the bytes; ``check`` re-reads them with code of its own and objects.
5. ``cells`` goes the other way, for aggregates; ``margins`` puts sub-totals and totals above them,
   chooses what else to hide so that no unsafe one can be computed, and attacks the choice.
6. ``noise`` publishes figures under calibrated noise and keeps the ledger of what they cost.
7. ``measures`` compares a table before and after: who could be found, what could be inferred, what
   was lost, and how an analyst's questions are answered on either side.
8. ``releases`` holds a release against the earlier ones and says what to hold back, merge or delay.
9. ``attacks`` plays what a neighbour would try on a release, and says what came of it.

For tables that memory does not hold, ``files.deidentify_file`` walks the same way: ``engines``
hands over rows in batches or groups them where they are, ``recode.stream`` writes what was decided,
and ``check.stream`` counts the file again.

Beside them stand what somebody with a file needs: ``plans`` reads plans in TOML and builds
hierarchies by rule; ``table_file`` opens CSV and Parquet, or says on which line it cannot;
``counts`` makes a protected table; ``reporting`` tells what was found, in the words of ``wording``;
and ``cli`` is the door, the one file here that knows click.
"""
