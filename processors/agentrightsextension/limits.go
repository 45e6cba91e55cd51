package agentrightsextension

import (
	"net/netip"
	"sync"
	"time"
)

// A limiter bounds how many requests are looked at: all together, and those of one client, so that none can use up what is there for all.
// Clients are told apart by address, IPv6 ones by their /64, which is what one subscriber gets.
const (
	maxClients  = 10_000
	ipv6Network = 64
	burstS      = 10 // seconds of the rate that may come at once
)

type limiter struct {
	mu        sync.Mutex
	perSecond float64
	perClient float64
	all       bucket
	clients   map[netip.Prefix]bucket
	swept     time.Time
	now       func() time.Time
}

// A bucket holds what may still come; it fills with time.
type bucket struct {
	tokens float64
	at     time.Time
}

func newLimiter(perSecond, perClient float64, now func() time.Time) *limiter {
	return &limiter{perSecond: perSecond, perClient: perClient, clients: map[netip.Prefix]bucket{}, now: now}
}

// take tells whether one more request may be looked at and, if not, when to try again. A client whose address is not known is bounded with
// all others only; 0 as a rate bounds nothing.
func (l *limiter) take(client netip.Addr) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	network, known := networkOf(client)
	var mine bucket
	if known && l.perClient > 0 {
		if mine, known = l.clients[network]; !known && len(l.clients) >= maxClients && !l.sweep(now) {
			return time.Second // more clients than can be told apart within the time in which they are forgotten
		}
		if wait = mine.fill(l.perClient, now); wait > 0 {
			return wait
		}
	}
	if l.perSecond > 0 {
		if wait = l.all.fill(l.perSecond, now); wait > 0 {
			return wait
		}
		l.all.tokens--
	}
	if network.IsValid() && l.perClient > 0 {
		mine.tokens--
		l.clients[network] = mine
	}
	return 0
}

// fill adds what time has brought and returns how long to wait for one token; 0 if there is one.
func (b *bucket) fill(perSecond float64, now time.Time) time.Duration {
	most := max(1, perSecond*burstS)
	if b.at.IsZero() {
		b.tokens = most
	} else if passed := now.Sub(b.at).Seconds(); passed > 0 {
		b.tokens = min(most, b.tokens+passed*perSecond)
	}
	b.at = now
	if b.tokens >= 1 {
		return 0
	}
	return time.Duration((1 - b.tokens) / perSecond * float64(time.Second))
}

// sweep forgets clients whose bucket is full again, at most once a second; true if there is room now.
func (l *limiter) sweep(now time.Time) bool {
	if now.Sub(l.swept) < time.Second {
		return false
	}
	l.swept = now
	for network, b := range l.clients {
		if now.Sub(b.at).Seconds() >= burstS {
			delete(l.clients, network)
		}
	}
	return len(l.clients) < maxClients
}

func networkOf(client netip.Addr) (netip.Prefix, bool) {
	if !client.IsValid() {
		return netip.Prefix{}, false
	}
	client = client.Unmap().WithZone("")
	bits := client.BitLen()
	if client.Is6() {
		bits = ipv6Network
	}
	network, err := client.Prefix(bits)
	return network, err == nil
}
