"""Whether what is asked is needed, and asking less: values removed, and not collected any more."""
