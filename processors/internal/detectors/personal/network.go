package personal

import (
	"net/netip"
	"strings"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

const (
	ipv6Trigger = `[0-9A-Fa-f]:[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]|::[0-9A-Fa-f]{1,4}(?:[:.]|\b)|[0-9A-Fa-f]{1,4}::`
	macPattern  = `[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}`
)

var (
	ipv4 = newForm(`[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}`, 15, startsIPv4)
	ipv6 = newForm(`(?:[0-9A-Fa-f]{1,8}:|::)[0-9A-Fa-f:]{1,45}(?:\.[0-9]{1,3}){0,3}`, 66, startsIPv6)
	zone = lazy(`\A%[0-9A-Za-z]{1,15}`)
	mac  = newForm(macPattern, 17, startsMAC)
	// "ec2-203-0-113-7.compute-1.amazonaws.com", "ip-10-1-2-3": the address of a machine as its name.
	namedByAddress = newForm(`(?:ip|ec2)-([0-9]{1,3}-[0-9]{1,3}-[0-9]{1,3}-[0-9]{1,3})`, 19,
		func(text string, at int) bool { return text[at] == 'i' || text[at] == 'e' })
)

func network() []model.Trigger {
	return []model.Trigger{
		{Name: "ipv4", Pattern: `[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]`, Find: ipv4Addresses, Alone: true},
		{Name: "address-name", Pattern: `(?:ip|ec2)-[0-9]`, Find: addressNames, Alone: true},
		{Name: "ipv6", Pattern: ipv6Trigger, Find: ipv6Addresses, Alone: true},
		{Name: "mac", Pattern: macPattern, Find: macAddresses, Alone: true},
	}
}

func startsIPv4(text string, at int) bool {
	if !model.IsDigit(text[at]) {
		return false
	}
	for end := at + 1; end <= at+3; end++ {
		if b := byteAt(text, end); !model.IsDigit(b) {
			return b == '.' && model.IsDigit(byteAt(text, end+1))
		}
	}
	return false
}

func startsIPv6(text string, at int) bool {
	if text[at] == ':' {
		return byteAt(text, at+1) == ':'
	}
	for end := at; end <= at+8; end++ {
		if b := byteAt(text, end); !isHex(b) {
			return b == ':' && end > at
		}
	}
	return false
}

func startsMAC(text string, at int) bool {
	if !isHex(text[at]) || !isHex(byteAt(text, at+1)) {
		return false
	}
	sign := byteAt(text, at+2)
	return sign == ':' || sign == '-' || byteAt(text, at+4) == '.'
}

func ipv4Addresses(scan *model.Scan, _ string) {
	text := scan.Text
	ipv4.each(text, func(found []int) {
		start, end := found[0], found[1]
		octets := strings.Split(text[start:end], ".")
		if !areOctets(octets) || !scan.Bounded(start, end) {
			return
		}
		if byteAt(text, end) == '.' && model.IsDigit(byteAt(text, end+1)) {
			return
		}
		if byteAt(text, start-1) == '.' && model.IsAlnum(byteAt(text, start-2)) {
			return
		}
		if !isLocal(octets) && (scan.Hint&model.Address != 0 || !isVersion(scan, octets, start, end)) {
			scan.Add(start, end, "[ip]")
		}
	})
}

func addressNames(scan *model.Scan, _ string) {
	text := scan.Text
	namedByAddress.each(text, func(found []int) {
		if areBytes(strings.Split(text[found[2]:found[3]], "-")) && scan.Bounded(found[0], found[1]) {
			scan.Add(found[2], found[1], "[ip]")
		}
	})
}

func areOctets(octets []string) bool {
	for _, octet := range octets {
		if len(octet) > 1 && octet[0] == '0' || len(octet) == 3 && octet > "255" {
			return false
		}
	}
	return true
}

func areBytes(numbers []string) bool {
	for _, number := range numbers {
		if len(number) == 3 && number > "255" {
			return false
		}
	}
	return true
}

// isLocal: loopback, "any", netmask and broadcast say nothing about a person or place.
func isLocal(octets []string) bool {
	return octets[0] == "127" || octets[0] == "0" || octets[0] == "255" && octets[1] == "255"
}

func ipv6Addresses(scan *model.Scan, _ string) {
	text := scan.Text
	ipv6.each(text, func(found []int) {
		start, end := found[0], found[1]
		// A label before ("ip:2001:db8::1") or punctuation after ("fe80::1:") is no part of the address.
		if piece := text[start:end]; strings.HasSuffix(piece, ":") && !strings.HasSuffix(piece, "::") {
			end--
		}
		if strings.Count(text[start:end], ":") < 2 || !apart(text, start, end, isWord) {
			return
		}
		if piece := text[start:end]; strings.HasPrefix(piece, ":") && !strings.HasPrefix(piece, "::") {
			start++
		}
		if !isIPv6(text[start:end], scan.Hint) {
			return
		}
		if found := zone().FindStringIndex(text[end:min(len(text), end+16)]); found != nil {
			end += found[1]
		}
		scan.Add(start, end, "[ip]")
	})
}

func isIPv6(piece string, hint model.Hint) bool {
	address := hint&model.Address != 0
	if len(piece) < 4 && !address {
		return false
	}
	parsed, err := netip.ParseAddr(piece)
	if err != nil || !parsed.Is6() {
		return false
	}
	// "::1" and "::" are this machine; "a::b" or "12::" could be code or a table cell: five hex digits or three colons are asked for.
	if strings.Count(piece, ":") <= 2 && hexDigits(piece) <= 4 && !address {
		return false
	}
	return parsed != netip.IPv6Loopback() && parsed != netip.IPv6Unspecified()
}

func hexDigits(piece string) int {
	count := 0
	for i := range len(piece) {
		if isHex(piece[i]) {
			count++
		}
	}
	return count
}

func macAddresses(scan *model.Scan, _ string) {
	text := scan.Text
	mac.each(text, func(found []int) {
		start, end := found[0], found[1]
		piece := text[start:end]
		digits := without(strings.ToLower(piece), ":-.")
		dotted := strings.Contains(piece, ".") && digitsOnly(digits)
		colons := strings.Contains(piece, ":")
		edge := func(b byte) bool { return isWord(b) || b == '-' || colons && b == ':' }
		if kinds(digits, 2) > 1 && !dotted && apart(text, start, end, edge) {
			scan.Add(start, end, "[mac]")
		}
	})
}
