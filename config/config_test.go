package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestShippedFilesAreValid(t *testing.T) {
	files, err := filepath.Glob("*.yaml")
	if err != nil || len(files) < 2 {
		t.Fatalf("shipped files: %v %v", files, err)
	}
	for _, f := range files {
		if _, err := Load(f, nil); err != nil {
			t.Errorf("%s: %v", f, err)
		}
	}
}

func TestLayers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.yaml")
	if err := os.WriteFile(path, []byte("listen: 127.0.0.1:9000\nlog:\n  level: warn\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(path, []string{"PASSERELLE_LOG_LEVEL=debug", "PASSERELLE_TRUSTED_PROXIES=10.0.0.0/8, 127.0.0.1", "HOME=/x"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:9000" || c.Log.Level != "debug" || c.Log.Format != "text" || len(c.TrustedProxies) != 2 {
		t.Errorf("layers: %+v", c)
	}
}

func TestAFreePort(t *testing.T) {
	if _, err := Load("", []string{"PASSERELLE_LISTEN=127.0.0.1:0", "PASSERELLE_ADMIN_LISTEN=127.0.0.1:0"}); err != nil {
		t.Error(err)
	}
}

func TestRefused(t *testing.T) {
	for name, environ := range map[string][]string{
		"unknown":        {"PASSERELLE_LISTN=x"},
		"address":        {"PASSERELLE_LISTEN=nowhere"},
		"port":           {"PASSERELLE_LISTEN=127.0.0.1:70000"},
		"port name":      {"PASSERELLE_LISTEN=127.0.0.1:http"},
		"level":          {"PASSERELLE_LOG_LEVEL=loud"},
		"weights":        {"PASSERELLE_MATCH_SKILLS=31"},
		"negative":       {"PASSERELLE_MATCH_SKILLS=-1", "PASSERELLE_MATCH_OCCUPATION=66"},
		"rate limit":     {"PASSERELLE_RATE_LIMIT=off", "PASSERELLE_LISTEN=0.0.0.0:8080"},
		"two keys":       {"PASSERELLE_MASTER_KEY=AAAA", "PASSERELLE_MASTER_KEY_FILE=x"},
		"proxy":          {"PASSERELLE_TRUSTED_PROXIES=anywhere"},
		"short password": {"PASSERELLE_DEMO_PASSWORD=short"},
		"clock":          {"PASSERELLE_DEMO_NOW=yesterday"},
		"same listener":  {"PASSERELLE_ADMIN_LISTEN=127.0.0.1:8080"},
		"not mongo":      {"PASSERELLE_MONGODB_URI=postgres://x"},
	} {
		if _, err := Load("", environ); err == nil {
			t.Errorf("%s: accepted %v", name, environ)
		}
	}
}

func TestListenAddresses(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1:0": true, "127.0.0.1:8080": true, "[::1]:8080": true, "localhost:65535": true, ":8080": true, "emploi.gouv.ml:443": true,
		"127.0.0.1": false, "127.0.0.1:65536": false, "127.0.0.1:-1": false, "a b:80": false, "-a:80": false, "a..b:80": false, "host:http": false, "::1:80": false,
	} {
		_, err := Load("", []string{"PASSERELLE_LISTEN=" + address})
		if got := err == nil; got != want {
			t.Errorf("%s: accepted %v, want %v (%v)", address, got, want, err)
		}
	}
}

// covers SC-03
func TestRedactedShowsNoSecret(t *testing.T) {
	c := Default()
	c.MasterKey, c.DemoPassword = "c2VjcmV0LW1hc3Rlcg==", "a-demo-password"
	c.MongoDBURI = "mongodb://clerk:hunter2@db.example/?authSource=admin&tlsCertificateKeyFilePassword=deep"
	out, err := c.Redacted().YAML()
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"c2VjcmV0", "a-demo-password", "hunter2", "deep"} {
		if strings.Contains(out, secret) {
			t.Errorf("shown: %s in\n%s", secret, out)
		}
	}
	if !strings.Contains(out, "db.example") {
		t.Error("the database host is not shown")
	}
}
