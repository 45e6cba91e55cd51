package detectors

import (
	"strings"
	"testing"
	"time"
)

// Repeated pieces that detectors start at without ever coming to an end.
var nasty = []string{
	"a", "1", "@", "a@", "1.", "1:", "::", "/home/", "/home/a", "://", "://a:", "a:b@", "password=", "password", "token ",
	`"password": {`, "eyJ", "eyJa.", "-----BEGIN A PRIVATE KEY-----", "4111 ", "DE89 ", "+1 ", "phone 1 ", "Cookie: a=b;", "cookie=",
	"-u a:", "mysql -p", "SELECT ' FROM ", "'", `\`, `\u0040`, "ghp_", "sk-", "bearer ", "authorization: ", "[at]", "a at b dot ",
	"ssn 1", "{[", "1 2 3 4 ", "A1B2", "%40", "=>", "\u200b", "é@", "-", "name: key value: ", `="`, "select $$", "E'\\", "é1", "ſ", "İ1",
	"/home/corp/", "/gpfs/a/b/users/x ", "ada@h:~/", "a@h b]$ ", "USER='", "for user 'a", "foo@1.2.3.4 ", "ip-1-2-3-4", "0049 1 ", "mnemonic: abc ",
	"birth date ", "born on 1 ab ", "a-ipad", "pytest-of-a", `from "@/home/x`,
}

// Ten times the text takes ten times the time, with room for a noisy machine; a square would take a hundred times.
func TestTimeIsLinearInTheLength(t *testing.T) {
	small, large := 100_000, 1_000_000
	if testing.Short() {
		small, large = 20_000, 200_000
	}
	for _, piece := range nasty {
		took := func(size int) time.Duration {
			text := strings.Repeat(piece, size/len(piece))
			start := cpu()
			theEngine().redact(text, 0)
			return cpu() - start
		}
		took(small / 10)
		short := min(took(small), took(small))
		if long := took(large); long > 35*short+100*time.Millisecond {
			t.Errorf("%q: %v for %d bytes, %v for %d", piece, short, small, long, large)
		}
	}
}
