package choice

import "strings"

// A Muted is what is to go the benign way always: every choice of a domain, or,
// with a subject, those of one topic.
type Muted struct {
	Domain  string `json:"domain"`
	Subject string `json:"subject,omitempty"`
}

// String returns what is muted as it is spoken of: "network latency", or
// "rand, client 6 operation".
func (m Muted) String() string { return strings.TrimSuffix(m.Domain+", "+m.Subject, ", ") }

// Mute returns a source that answers 0 to what is muted, and as base does to
// everything else.
func Mute(base Source, muted []Muted) Source {
	if len(muted) == 0 {
		return base
	}
	m := &mute{base: base, domains: make(map[string]bool), topics: make(map[uint64]bool)}
	for _, topic := range muted {
		if topic.Subject == "" {
			m.domains[topic.Domain] = true
		} else {
			m.topics[hashNames(topic.Domain, topic.Subject)] = true
		}
	}
	return m
}

type mute struct {
	base    Source
	domains map[string]bool
	topics  map[uint64]bool // by hash; only looked up
}

// Choose implements [Source].
func (m *mute) Choose(topic *Topic, index, n uint64) uint64 {
	muted, known := m.topics[topic.hash]
	if !known {
		muted = m.domains[topic.Domain]
		m.topics[topic.hash] = muted
	}
	if muted {
		return 0
	}
	return m.base.Choose(topic, index, n)
}
