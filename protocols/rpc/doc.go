// Package rpc is how a request gets to whoever can serve it, and an answer back,
// over a network that loses both.
//
//   - A [Client], held by a process, asks one of several servers: it tries for
//     longer and longer, turns to the next server, and follows a server's word
//     who can serve it. What a reply means is a function that the protocol
//     gives.
//   - A [Request], held by a node, asks one other node again and again until it
//     has answered or a deadline has passed.
//
// A request may arrive several times, late, and after its answer was given up
// on. So the request carries what makes asking twice harmless (a session and a
// number, a key) and by what its answer is known again; both are the protocol's
// affair, as is what no answer means. That is never "it was not done":
// [ErrUnknown].
package rpc
