"""De-identification: a table and a plan go in, a release and a report come out.

Pure and usable alone: no database session, no clock, no randomness but OpenDP's own samplers. The
flow:

1. ``plan`` says, as data with a hash, what each column is and what the release must promise.
2. ``histogram`` groups the table once; everything after it works on integer codes.
3. ``classes`` counts contributors per class, also after taking any one contributor away.
4. ``search`` finds the provably best scheme (one level per column) within the suppression limit;
   ``local`` gives each class its own levels, for a plan that asks for local recoding.
5. ``engine.deidentify`` applies it: sorted table, private witness, report.
6. ``text.to_csv`` writes the bytes, ``remeasure`` re-reads them with code of its own and objects.
7. ``cells.tabulate`` goes the other way, for aggregates; ``remeasure_cells`` checks those bytes.
   ``margins`` puts sub-totals and totals above cells, ``hiding`` chooses what else to hide so that
   none of the unsafe ones can be computed, ``audit_margins`` attacks the choice.
8. ``noisy.release`` publishes figures under calibrated noise (``noise_plan`` says which,
   ``bounded`` limits what one contributor adds); ``budget`` keeps the ledger of what they cost.
9. ``measures`` compares a table before and after: who could be found, what could be inferred, what
   was lost, and how an analyst's questions are answered on either side.
"""
