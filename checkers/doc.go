// Package checkers judges runs: by what clients saw, and by what the parts of
// a system were observed to do.
//
// A checker answers "holds", "violated" or, when it ran out of time,
// "unknown", and says which. Linearizability is decided by Porcupine (Athalye;
// the algorithm is Wing and Gong's with Lowe's improvements).
package checkers
