package agentrightsextension

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func newClock() *clock { return &clock{time.Unix(1_700_000_000, 0)} }

func allowed(l *limiter, client string, tries int) (count int) {
	for range tries {
		if l.take(netip.MustParseAddr(client)) == 0 {
			count++
		}
	}
	return count
}

func TestARateHoldsOverTime(t *testing.T) {
	time := newClock()
	l := newLimiter(0, 2, time.now)
	require.Equal(t, 20, allowed(l, "192.0.2.1", 100), "ten seconds of the rate may come at once")
	require.Equal(t, 20, allowed(l, "192.0.2.2", 100), "another client")
	wait := l.take(netip.MustParseAddr("192.0.2.1"))
	time.at = time.at.Add(wait)
	require.Equal(t, 1, allowed(l, "192.0.2.1", 100), "after the wait one is let through")
	time.at = time.at.Add(-wait)
	require.Zero(t, allowed(l, "192.0.2.1", 1), "a clock that goes back gives nothing")
}

func TestAllClientsTogetherHaveARate(t *testing.T) {
	l := newLimiter(1, 0, newClock().now)
	require.Equal(t, 10, allowed(l, "192.0.2.1", 8)+allowed(l, "192.0.2.2", 8))
	require.NotZero(t, l.take(netip.Addr{}), "an unknown address counts too")
}

func TestARefusalByAllTakesNothingFromTheClient(t *testing.T) {
	time := newClock()
	l := newLimiter(1, 1, time.now)
	require.Equal(t, 10, allowed(l, "192.0.2.1", 10))
	require.Zero(t, allowed(l, "192.0.2.2", 5))
	time.at = time.at.Add(10e9)
	require.Equal(t, 10, allowed(l, "192.0.2.2", 20))
}

func TestOneSubscriberIsOneClient(t *testing.T) {
	l := newLimiter(0, 0.1, newClock().now)
	require.Equal(t, 1, allowed(l, "2001:db8::1", 5)+allowed(l, "2001:db8::ffff:2", 5)+allowed(l, "2001:db8::1%eth0", 1))
	require.Equal(t, 1, allowed(l, "2001:db8:0:1::1", 5), "the next /64")
	require.Equal(t, 1, allowed(l, "192.0.2.1", 5)+allowed(l, "::ffff:192.0.2.1", 5), "one IPv4 address in two forms")
}

func TestManyClientsTakeBoundedMemory(t *testing.T) {
	time := newClock()
	l := newLimiter(0, 1, time.now)
	address := netip.MustParseAddr("10.0.0.0")
	for range maxClients + 500 {
		address = address.Next()
		l.take(address)
	}
	require.Len(t, l.clients, maxClients)
	time.at = time.at.Add(burstS * 1e9)
	require.Zero(t, l.take(address), "the others are forgotten when they are as good as new")
	require.Len(t, l.clients, 1)
}

func TestZeroIsNoLimit(t *testing.T) {
	require.Equal(t, 10_000, allowed(newLimiter(0, 0, newClock().now), "192.0.2.1", 10_000))
}
