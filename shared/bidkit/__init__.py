"""The command line of bidders, custodians and verifiers (投标工具).

Everything secret happens here, on the machine of the person concerned: keys are made and kept in
files under a passphrase, bids are sealed offline, shares are opened by their custodian. It speaks
to the suite through the gateway only, and knows of it no more than the sealed-bid format.
"""
