// Package backoff is how long to wait before asking again: longer after each
// try, and not in step with others.
//
// Those that failed together because of a collision or an overload would else
// come again together, and fail again. So each wait is drawn: the n-th from
// between the least wait and the least, doubled n times, up to a most. This is
// "full jitter" (Brooker, Exponential Backoff and Jitter, AWS Architecture Blog,
// 2015), above a least wait in place of zero.
//
// The same article's "decorrelated jitter" does about as well. There the range
// of a wait hangs on how long the one before was drawn; here it hangs on the
// number of tries only. So one draw that a repro or a shrinker overrides moves no
// other, which is what keyed choices are for.
//
// The zero draw is the least wait, which must not be none: in the calmest run,
// where every draw is zero, a node would ask for ever at one instant.
package backoff
