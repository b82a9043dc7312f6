// Package config reads how Passerelle is to run: built-in defaults, then an
// optional YAML file, then PASSERELLE_… environment variables. Everything is
// validated before anything starts. Secrets come from the environment or from
// files, never from arguments, and are redacted wherever they are shown.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/providers/structs"
	"github.com/knadh/koanf/v2"
)

// Prefix starts the name of every environment variable that is read.
const Prefix = "PASSERELLE_"

// Redacted stands in for a secret that is set.
const Redacted = "********"

// Config is everything that can be set. A new member must have a zero value
// that keeps the old behaviour.
type Config struct {
	Listen         string   `koanf:"listen" validate:"required,listen"`                                // address of pages and API
	AdminListen    string   `koanf:"admin_listen" validate:"omitempty,listen"`                         // metrics and readiness detail; empty = off
	PublicURL      string   `koanf:"public_url" validate:"omitempty,url"`                              // as people type it; issuer of tokens
	DataDir        string   `koanf:"data_dir" validate:"required"`                                     // embedded database, uploads, master key
	MongoDBURI     string   `koanf:"mongodb_uri" validate:"omitempty,startswith=mongodb"`              // empty = embedded engine
	MongoDBName    string   `koanf:"mongodb_name" validate:"required,alphanum,max=32"`                 // database name
	MasterKey      string   `koanf:"master_key" validate:"omitempty,base64"`                           // 32 bytes; secret
	MasterKeyFile  string   `koanf:"master_key_file"`                                                  // file holding the master key
	DemoPassword   string   `koanf:"demo_password" validate:"omitempty,min=12"`                        // of the demo accounts; secret
	DemoNow        string   `koanf:"demo_now" validate:"omitempty,datetime=2006-01-02T15:04:05Z07:00"` // start of the demo clock
	RateLimit      string   `koanf:"rate_limit" validate:"oneof=default off"`                          // off only on a loopback listener
	TrustedProxies []string `koanf:"trusted_proxies" validate:"dive,cidr|ip"`                          // whose X-Forwarded-For counts
	Log            Log      `koanf:"log"`
	Match          Match    `koanf:"match"`
	Mail           Mail     `koanf:"mail"`
	SMS            SMS      `koanf:"sms"`
	MemoryLimitMB  int      `koanf:"memory_limit_mb" validate:"min=0,max=1048576"` // soft limit of the Go heap; 0 = none
	HSTS           bool     `koanf:"hsts"`                                         // say Strict-Transport-Security; only behind TLS
	DrainSeconds   int      `koanf:"drain_seconds" validate:"min=1,max=60"`        // how long a shutdown waits for requests
}

// Log says how much is logged and in which shape.
type Log struct {
	Level  string `koanf:"level" validate:"oneof=debug info warn error"`
	Format string `koanf:"format" validate:"oneof=text json"`
}

// Match holds the weights of the score; they sum to 100.
type Match struct {
	Occupation int64 `koanf:"occupation" validate:"min=0,max=100"`
	Skills     int64 `koanf:"skills" validate:"min=0,max=100"`
	Languages  int64 `koanf:"languages" validate:"min=0,max=100"`
	Experience int64 `koanf:"experience" validate:"min=0,max=100"`
	Salary     int64 `koanf:"salary" validate:"min=0,max=100"`
	Education  int64 `koanf:"education" validate:"min=0,max=100"`
}

// Mail says how e-mail leaves. Without a host it is written to the folder
// messages of the data directory and reaches nobody.
type Mail struct {
	Host         string `koanf:"host" validate:"omitempty,hostname_rfc1123|ip"`
	Port         int    `koanf:"port" validate:"min=1,max=65535"` // 465: TLS from the start; else STARTTLS
	User         string `koanf:"user"`
	Password     string `koanf:"password"`                           // secret
	PasswordFile string `koanf:"password_file"`                      // file holding the password
	From         string `koanf:"from" validate:"required_with=Host"` // "Name <address>" or an address
}

// SMS says through which HTTP gateway SMS leave. Without a URL they are
// written to the same folder.
type SMS struct {
	URL       string `koanf:"url" validate:"omitempty,url"`
	Token     string `koanf:"token"`      // secret
	TokenFile string `koanf:"token_file"` // file holding the token
	From      string `koanf:"from" validate:"max=20"`
}

// Default gives the built-in settings: everything on this machine, nothing
// open to others.
func Default() Config {
	return Config{
		Listen:       "127.0.0.1:8080",
		AdminListen:  "127.0.0.1:8081",
		DataDir:      "data",
		MongoDBName:  "passerelle",
		RateLimit:    "default",
		Log:          Log{Level: "info", Format: "text"},
		Match:        Match{Occupation: 35, Skills: 30, Languages: 10, Experience: 10, Salary: 10, Education: 5},
		Mail:         Mail{Port: 587},
		DrainSeconds: 10,
	}
}

// Load layers the defaults, the YAML file at path (none when empty) and the
// PASSERELLE_… members of environ ("NAME=value"), then validates. Unknown
// names in the file or the environment are errors: a typing mistake must not
// silently leave a default in force.
func Load(path string, environ []string) (Config, error) {
	k := koanf.New(".")
	if err := k.Load(structs.Provider(Default(), "koanf"), nil); err != nil {
		return Config{}, fmt.Errorf("config defaults: %w", err)
	}
	known := k.Keys()
	if path != "" {
		if err := k.Load(file.Provider(path), yaml.Parser()); err != nil {
			return Config{}, fmt.Errorf("config file %s: %w", path, err)
		}
	}
	provider := env.Provider(".", env.Opt{Prefix: Prefix, TransformFunc: envKey(known), EnvironFunc: func() []string { return environ }})
	if err := k.Load(provider, nil); err != nil {
		return Config{}, fmt.Errorf("config environment: %w", err)
	}
	if err := refuseUnknown(k.Keys(), known); err != nil {
		return Config{}, err
	}
	var c Config
	if err := k.Unmarshal("", &c); err != nil {
		return Config{}, fmt.Errorf("config: %w", err)
	}
	return c, c.Validate()
}

// envKey turns PASSERELLE_LOG_LEVEL into log.level. Lists are separated by
// commas. An unknown name keeps its lower-case form and is refused later.
func envKey(known []string) func(k, v string) (string, any) {
	byName := map[string]string{}
	for _, key := range known {
		byName[strings.ReplaceAll(key, ".", "_")] = key
	}
	return func(k, v string) (string, any) {
		name := strings.ToLower(strings.TrimPrefix(k, Prefix))
		if name == "token" { // the access token of commands that use --server
			return "", nil
		}
		key, ok := byName[name]
		if !ok {
			return name, v
		}
		if key == "trusted_proxies" {
			return key, strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' })
		}
		return key, v
	}
}

func refuseUnknown(keys, known []string) error {
	have := map[string]bool{}
	for _, k := range known {
		have[k] = true
	}
	for _, k := range keys {
		if !have[k] {
			return fmt.Errorf("config: unknown setting %q", k)
		}
	}
	return nil
}

// Validate checks every rule and reports all that are broken.
func (c Config) Validate() error {
	var problems []error
	var invalid validator.ValidationErrors
	rules := validator.New(validator.WithRequiredStructEnabled())
	if err := rules.RegisterValidation("listen", func(f validator.FieldLevel) bool { return listenable(rules, f.Field().String()) }); err != nil {
		return fmt.Errorf("config: %w", err)
	}
	if err := rules.Struct(c); errors.As(err, &invalid) {
		for _, f := range invalid {
			problems = append(problems, fmt.Errorf("config: %s breaks the rule %s %s", f.Namespace(), f.Tag(), f.Param()))
		}
	}
	if sum := c.Match.Sum(); sum != 100 {
		problems = append(problems, fmt.Errorf("config: the weights under match sum to %d, not 100", sum))
	}
	if c.RateLimit == "off" && !Loopback(c.Listen) {
		problems = append(problems, errors.New("config: rate_limit may be off only on a loopback listener"))
	}
	if c.MasterKey != "" && c.MasterKeyFile != "" {
		problems = append(problems, errors.New("config: set master_key or master_key_file, not both"))
	}
	if c.Mail.Password != "" && c.Mail.PasswordFile != "" || c.SMS.Token != "" && c.SMS.TokenFile != "" {
		problems = append(problems, errors.New("config: set a secret of mail or sms, or its file, not both"))
	}
	if c.AdminListen != "" && c.AdminListen == c.Listen && !strings.HasSuffix(c.Listen, ":0") {
		problems = append(problems, errors.New("config: admin_listen must differ from listen"))
	}
	return errors.Join(problems...)
}

// listenable reports whether the text is an address to listen on: a host
// name (RFC 1123), an IP address or nothing, and a port of which 0 takes a
// free one.
func listenable(rules *validator.Validate, address string) bool {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil && (host == "" || rules.Var(host, "hostname_rfc1123|ip") == nil)
}

// Sum adds the weights up.
func (m Match) Sum() int64 {
	return m.Occupation + m.Skills + m.Languages + m.Experience + m.Salary + m.Education
}

// Loopback reports whether the address can only be reached from this machine.
func Loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// Redacted gives a copy in which every secret that is set is masked,
// passwords inside the database address included.
func (c Config) Redacted() Config {
	mask := func(s string) string {
		if s == "" {
			return ""
		}
		return Redacted
	}
	c.MasterKey, c.DemoPassword = mask(c.MasterKey), mask(c.DemoPassword)
	c.Mail.Password, c.SMS.Token = mask(c.Mail.Password), mask(c.SMS.Token)
	if u, err := url.Parse(c.MongoDBURI); c.MongoDBURI != "" {
		if err != nil {
			c.MongoDBURI = Redacted
		} else {
			if u.User != nil {
				u.User = url.UserPassword(u.User.Username(), Redacted)
			}
			u.RawQuery = ""
			c.MongoDBURI = u.String()
		}
	}
	return c
}

// YAML prints the settings as a file that Load would read.
func (c Config) YAML() (string, error) {
	k := koanf.New(".")
	if err := k.Load(structs.Provider(c, "koanf"), nil); err != nil {
		return "", err
	}
	out, err := k.Marshal(yaml.Parser())
	return string(out), err
}

// Drain is how long a shutdown waits for requests in flight.
func (c Config) Drain() time.Duration { return time.Duration(c.DrainSeconds) * time.Second }

// DemoStart parses DemoNow; the zero time when it is not set.
func (c Config) DemoStart() time.Time {
	t, err := time.Parse(time.RFC3339, c.DemoNow)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// ReadSecretFile reads a secret kept in a file, without its final newline.
func ReadSecretFile(path string) (string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("config: secret file: %w", err)
	}
	return strings.TrimRight(string(b), "\r\n"), nil
}
