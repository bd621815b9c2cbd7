"""Shared rides (合乘): several requests served by one order, within what each passenger agreed to.

Who may share at all says `permitted`; how far out of their way anybody is taken says `detours`;
`legs` makes both into windows, `planning` asks the kernel in `dispatch/sharing` where another ride
fits. `joining` and `leaving` change orders by it, `seeing` keeps passengers to their own part.
"""
