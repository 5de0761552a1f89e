package choice

import (
	"math/bits"
	"time"
)

// A Source answers choices.
//
// Implementations must be pure in the key: the same topic, index and n always
// get the same answer from the same source. They need not be safe for
// concurrent use; a run is one thread.
//
//seedbed:simulated
type Source interface {
	// Choose answers the choice (topic.Domain, topic.Subject, index) with a
	// number in [0, n). It answers 0 when n is 0 or 1.
	Choose(topic *Topic, index, n uint64) uint64
}

// A Topic is what a choice is about: the first two parts of its key. It is
// made once and asked many times, so it carries its hash.
type Topic struct {
	Domain  string // the kind of decision: "network loss"
	Subject string // about whom: "1->3 AppendEntries"
	hash    uint64
}

// NewTopic returns the topic named by domain and subject.
func NewTopic(domain, subject string) Topic {
	return Topic{Domain: domain, Subject: subject, hash: hashNames(domain, subject)}
}

// hashNames is FNV-1a over both names with a separator that occurs in neither,
// so that topics hash alike on every platform and in every version.
func hashNames(domain, subject string) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211
	h := uint64(offset)
	for i := range len(domain) {
		h = (h ^ uint64(domain[i])) * prime
	}
	h = (h ^ 0xff) * prime
	for i := range len(subject) {
		h = (h ^ uint64(subject[i])) * prime
	}
	return h
}

// Seed is the source of a random run: a keyed hash of the seed and the key,
// without any state. Every seed is one run.
type Seed uint64

// Choose implements [Source].
func (s Seed) Choose(topic *Topic, index, n uint64) uint64 {
	high, _ := bits.Mul64(mix(uint64(s)*0x9e3779b97f4a7c15^topic.hash, index), n)
	return high
}

// mix spreads (a, b) over 64 bits: two rounds of multiply and fold, the
// construction of wyhash. It is the innermost loop of every run.
func mix(a, b uint64) uint64 {
	high, low := bits.Mul64(a^0xa0761d6478bd642f, b+0xe7037ed1a0b428db)
	high, low = bits.Mul64(high^low^0x8ebc6af09c88c6e3, a^0x589965cc75374cc3)
	return high ^ low
}

// Zero is the source of the calmest run: every answer is 0.
type Zero struct{}

// Choose implements [Source].
func (Zero) Choose(*Topic, uint64, uint64) uint64 { return 0 }

// A Stream asks the choices of one topic one after another: the index is its
// own counter.
type Stream struct {
	source Source
	topic  Topic
	next   uint64
}

// NewStream returns the stream of choices about (domain, subject) that source
// answers, from index 0.
func NewStream(source Source, domain, subject string) *Stream {
	return &Stream{source: source, topic: NewTopic(domain, subject)}
}

// N answers a number in [0, n), or 0 when n is 0 or 1.
func (s *Stream) N(n uint64) uint64 {
	answer := s.source.Choose(&s.topic, s.next, n)
	s.next++
	return answer
}

// Between answers a duration in [least, most], in whole nanoseconds; least
// when most is not above it.
func (s *Stream) Between(least, most time.Duration) time.Duration {
	if most <= least {
		most = least
	}
	return least + time.Duration(s.N(uint64(most-least)+1))
}

// Strikes answers whether something that happens at this rate happens now.
func (s *Stream) Strikes(rate Rate) bool {
	struck := Strikes(s.source, &s.topic, s.next, rate)
	s.next++
	return struck
}

// Strikes asks the choice (topic, index) as a yes-or-no question: does a thing
// that happens at this rate happen here? Answer 0 means no, whatever the rate
// below [Always].
func Strikes(source Source, topic *Topic, index uint64, rate Rate) bool {
	if rate <= 0 {
		return false
	}
	return source.Choose(topic, index, uint64(Always)) >= uint64(Always-min(rate, Always))
}
