// Package choice is where everything that could go one way or another in a
// simulation is decided.
//
// Is this message lost? How late is it? Does this sector tear? What does the
// protocol's own jitter say? Each such question is a choice, and each choice
// has a key: (domain, subject, index), for example ("network loss", "1->3
// AppendEntries", 17). Code asks for a choice; a [Source] answers. A run is
// thereby a pure function of its choices: replaying, shrinking, fuzzing and
// exhaustive search are other sources for the same function.
//
// Two laws hold everywhere:
//
//   - Zero is benign. The answer 0 means no loss, least latency, no fault, the
//     first alternative. A run whose every choice is [Zero] is the calmest run.
//   - Choices are keyed, not streamed. The answer to one key does not depend on
//     which other keys were asked, so adding or muting one choice leaves the
//     rest of the run in place.
//
// Only integers appear here. Floating point would differ between
// architectures, and one seed must give one run on all of them.
package choice
