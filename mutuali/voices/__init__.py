"""The public: anybody says something without an account, a person answers, in public where the
author let it."""
