package config

import (
	"os"
	"path/filepath"
	"testing"
)

// FuzzLoad: no file and no environment starts anything that breaks a rule,
// and what is taken and printed is read again as the same settings.
func FuzzLoad(f *testing.F) {
	for _, seed := range [][2]string{
		{"listen: 127.0.0.1:9000\nlog:\n  level: warn\n", "PASSERELLE_RATE_LIMIT=off"}, {"{", ""}, {"listen: [1,2]", "PASSERELLE_MATCH_SKILLS=-1"}, {"a: &a [*a]", "x"},
		{"log: {level: debug, format: json}", "PASSERELLE_TRUSTED_PROXIES=10.0.0.0/8"}, {"memory_limit_mb: 1e99", "PASSERELLE_DRAIN_SECONDS=5"}, {"listen: \"\\u0000\"", "PASSERELLE_LISTEN=:0"},
	} {
		f.Add([]byte(seed[0]), seed[1])
	}
	f.Fuzz(func(t *testing.T, file []byte, variable string) {
		path := filepath.Join(t.TempDir(), "c.yaml")
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := Load(path, []string{variable})
		if err != nil {
			return
		}
		if err := c.Validate(); err != nil {
			t.Fatalf("taken and invalid: %v", err)
		}
		text, err := c.YAML()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		again, err := Load(path, nil)
		if err != nil {
			t.Fatalf("printed and not read again: %v\n%s", err, text)
		}
		if second, err := again.YAML(); err != nil || second != text {
			t.Fatalf("printed:\n%s\nread and printed again:\n%s", text, second)
		}
	})
}
