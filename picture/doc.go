// Package picture draws a history as a page for a browser: Porcupine's
// visualisation, in which each operation is a box from its call to its return, in
// the row of its client, and an order that explains it, or the longest that is
// possible, is a line through the boxes. Of a run that was recorded it also shows
// what lasted meanwhile: faults, nodes that were down or stood still, and who
// led; and below it tells how the run came about.
//
// An operation of unknown outcome may take effect at any time, so its box reaches
// to the end; what tells nothing of the state, one that failed or a read without
// an answer, is there for the eye only. Boxes of one client that overlap have rows
// of their own.
package picture
