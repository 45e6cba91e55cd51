package personal

import (
	"strings"

	"github.com/otel-smart-agents/otel-smart-agents/processors/internal/detectors/model"
)

var (
	base58Wallet = newForm(`[13][1-9A-HJ-NP-Za-km-z]{25,34}`, 35, startsBase58)
	bech32Wallet = newForm(`(?:bc1|tb1|ltc1)[02-9ac-hj-np-z]{11,71}`, 75, startsBech32)
	etherWallet  = newForm(`0x[0-9A-Fa-f]{40}`, 42, func(text string, at int) bool { return strings.HasPrefix(text[at:], "0x") })
)

// Addresses that belong to nobody: the first block's, and those where coins are destroyed.
var publicWallets = map[string]bool{
	"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa": true, "1BitcoinEaterAddressDontSendf59kuE": true, "1111111111111111111114oLvT2": true,
}

func wallets() []model.Trigger {
	return []model.Trigger{
		{Name: "base58", Pattern: `(?:^|[^0-9A-Za-z])[13][1-9A-HJ-NP-Za-km-z]{9}`, Find: base58Wallets, Alone: true},
		{Name: "bech32", Pattern: `(?:bc1|tb1|ltc1)[02-9ac-hj-np-z]{8}`, Find: bech32Wallets, Alone: true},
		{Name: "ethereum", Pattern: `0x[0-9A-Fa-f]{9}`, Find: etherWallets, Alone: true},
	}
}

func startsBase58(text string, at int) bool {
	if (text[at] != '1' && text[at] != '3') || at+26 > len(text) {
		return false
	}
	for i := at + 1; i < at+26; i++ {
		if strings.IndexByte(base58Letters, text[i]) < 0 {
			return false
		}
	}
	return true
}

func startsBech32(text string, at int) bool {
	rest := text[at:]
	return strings.HasPrefix(rest, "bc1") || strings.HasPrefix(rest, "tb1") || strings.HasPrefix(rest, "ltc1")
}

func base58Wallets(scan *model.Scan, _ string) {
	base58Wallet.each(scan.Text, func(found []int) {
		address := scan.Text[found[0]:found[1]]
		if scan.Bounded(found[0], found[1]) && !publicWallets[address] && base58check(address) {
			scan.Add(found[0], found[1], "[wallet]")
		}
	})
}

func bech32Wallets(scan *model.Scan, _ string) {
	bech32Wallet.each(scan.Text, func(found []int) {
		if scan.Bounded(found[0], found[1]) && bech32(scan.Text[found[0]:found[1]]) {
			scan.Add(found[0], found[1], "[wallet]")
		}
	})
}

func etherWallets(scan *model.Scan, _ string) {
	etherWallet.each(scan.Text, func(found []int) {
		digits := strings.ToLower(scan.Text[found[0]+2 : found[1]])
		if scan.Bounded(found[0], found[1]) && kinds(digits, 6) > 5 {
			scan.Add(found[0], found[1], "[wallet]")
		}
	})
}
