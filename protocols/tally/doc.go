// Package tally counts who has answered, and says how many are enough.
//
// A quorum is any set of members that may decide. What makes it one is overlap:
// two quorums that must know of each other have a member in common, who tells.
// [Majority] is the least number for which any two quorums overlap; Gifford's
// weighted voting (SOSP 1979) trades a smaller read quorum for a larger write
// quorum, and [Overlap] says how far that may go.
//
// [Set] is who has answered. The network may deliver an answer twice, and a
// member that is asked twice answers twice: a member counts once, whatever it
// says. Members come in the order of their identity, never in a map's.
//
//	if s.Add(from) && s.Len() == tally.Majority(len(members)) { ... } // once, at the answer that completes it
//
// What an answer says, to which request it belongs, and which set of members
// must be asked (a joint configuration asks two) is the protocol's affair. So is
// the rule: that a majority decides is a decision on which safety rests, and a
// protocol gives it a name among its rules.
package tally
