package main

import (
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"passerelle/config"
	"passerelle/internal/app"
)

// settings reads the configuration; demo keeps its database apart unless a
// directory is named.
func (p *program) settings(demo bool) (config.Config, error) {
	c, err := config.Load(p.configFile, p.environ)
	if err != nil {
		return c, err
	}
	switch {
	case p.dataDir != "":
		c.DataDir = p.dataDir
	case demo && c.DataDir == config.Default().DataDir:
		c.DataDir = filepath.Join(c.DataDir, "demo")
	}
	return c, nil
}

// options turns settings into what the application is built from.
func (p *program) options(c config.Config, demo bool) (app.Options, error) {
	key := c.MasterKey
	if c.MasterKeyFile != "" {
		secret, err := config.ReadSecretFile(c.MasterKeyFile)
		if err != nil {
			return app.Options{}, err
		}
		key = secret
	}
	var err error
	if c.Mail.Password, err = secretOf(c.Mail.Password, c.Mail.PasswordFile); err != nil {
		return app.Options{}, err
	}
	if c.SMS.Token, err = secretOf(c.SMS.Token, c.SMS.TokenFile); err != nil {
		return app.Options{}, err
	}
	if c.MemoryLimitMB > 0 {
		debug.SetMemoryLimit(int64(c.MemoryLimitMB) << 20)
	}
	return app.Options{
		Listen: c.Listen, AdminListen: c.AdminListen, PublicURL: c.PublicURL, DataDir: c.DataDir,
		MongoDBURI: c.MongoDBURI, MongoDBName: c.MongoDBName, MasterKey: key,
		Demo: demo, DemoPassword: c.DemoPassword, DemoNow: c.DemoStart(),
		Mail:         app.Mail{Host: c.Mail.Host, Port: c.Mail.Port, User: c.Mail.User, Password: c.Mail.Password, From: c.Mail.From},
		SMS:          app.SMS{URL: c.SMS.URL, Token: c.SMS.Token, From: c.SMS.From},
		RateLimitOff: c.RateLimit == "off", TrustedProxies: c.TrustedProxies,
		Weights: app.Weights(c.Match), HSTS: c.HSTS, Drain: c.Drain(), Version: version,
		Log: logger(c.Log, p.stderr),
	}, nil
}

// secretOf gives a secret as it is set, or what its file holds.
func secretOf(value, file string) (string, error) {
	if file == "" {
		return value, nil
	}
	return config.ReadSecretFile(file)
}

func logger(c config.Log, w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(strings.ToUpper(c.Level))); err != nil {
		level = slog.LevelInfo // Validate has refused anything else
	}
	options := &slog.HandlerOptions{Level: level}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

func (p *program) showConfig() *cobra.Command {
	group := &cobra.Command{Use: "config", Short: "Settings", Args: known, RunE: help}
	group.AddCommand(&cobra.Command{
		Use:   "show",
		Short: "Print the settings in force, secrets masked",
		Args:  exactly(0),
		RunE: func(*cobra.Command, []string) error {
			c, err := p.settings(false)
			if err != nil {
				return err
			}
			text, err := c.Redacted().YAML()
			if err != nil {
				return err
			}
			_, err = fmt.Fprint(p.stdout, text)
			return err
		},
	})
	return group
}

func (p *program) showVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  exactly(0),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(p.stdout, "passerelle", version)
			return err
		},
	}
}
