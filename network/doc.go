// Package network models the links between endpoints: how late a message
// comes, whether it comes at all, and whether it comes twice.
//
// A link is directed: 1->2 and 2->1 have nothing to do with each other.
// [Network.Send] decides a message's fate when it is sent; [Network.Arrives]
// is asked again when it is due, because a link that is cut then loses it
// all the same. Everything that can be wrong with links is a [Condition], imposed
// on some of them and lifted again; conditions overlap freely.
//
// It leaves out: packets, congestion control and the set-up of connections. A
// message passes whole or not at all.
package network
