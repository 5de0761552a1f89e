// Package checkers judges runs: by what clients saw, and by what the parts of
// a system were observed to do.
//
// A checker answers "holds", "violated" or, when it ran out of time,
// "unknown", and says which; [All] lists them. Those that look at what clients
// saw are here, and judge a [history.History] by a model of package models.
//
// [Linearizable] asks for each key whether its operations have an order in which
// each takes effect at one moment between its call and its return (Herlihy and
// Wing, 1990). What failed is not among them; what has an unknown outcome may
// come at any time after its call, or never. Whether there is no order is
// decided by Porcupine (Athalye; the algorithm is Wing and Gong's with Lowe's
// improvements). It is seldom asked: where there is an order, a plainer search
// nearly always finds one. Where none is found in many steps, the reads are
// suspected one after another, each with the few others that saw the same. An
// [Offence] then tells the return that made an order impossible, and of the
// operations before it as few as convict by themselves. All this is counted in
// steps, not in time: the same history is judged and told in the same words on
// every machine, as long as the time allowed is enough.
//
// [Durable] says more plainly what was acknowledged and is gone.
//
// Where reads may be behind, [Sessions] finds those that break what is promised to
// the session of one client, and [MeasureStaleness] tells how far they are behind.
//
// [Written] asks less: that what is read was written at all.
//
// Other checkers look at records that the caller has made of a run, in plain
// values, never at a protocol's inside: [Agreement] at what was proposed and
// decided, [Converged] at what replicas hold in the end, [Conserved] at amounts
// that are moved, [AllOrCompensated] at the steps of sagas, and [Effects] at what
// was committed and what came of it outside.
package checkers
