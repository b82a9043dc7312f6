package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"passerelle/internal/app"
)

func (p *program) user() *cobra.Command {
	group := &cobra.Command{Use: "user", Short: "Accounts", Args: known, RunE: help}
	group.AddCommand(p.userCreate(), p.userDisable(), p.userReset())
	return group
}

func (p *program) userCreate() *cobra.Command {
	var u app.NewUser
	cmd := &cobra.Command{
		Use:   "create EMAIL",
		Short: "Create an account; the first administrator needs no --as",
		Long:  "Create an account. A one-time password is printed; it must be changed at the first sign-in.\nThe first administrator is created without --as. An official, an administrator or an observer takes a second\nadministrator, who confirms the account once signed in (POST /api/v1/users/{id}/confirmations), unless there is no other one yet.",
		Args:  exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if u.Login = args[0]; u.Role == "" {
				return fmt.Errorf("%w: --role says what the account may do", errUsage)
			}
			return p.withApp(cmd.Context(), func(a *app.App) error {
				password, proposed, err := a.CreateUser(cmd.Context(), u)
				if err != nil {
					return err
				}
				if privileged := u.Role == "official" || u.Role == "admin" || u.Role == "observer"; privileged && !proposed && u.As != "" {
					fmt.Fprintln(p.stdout, "There is no other administrator who could confirm the role: it takes effect at once.")
				}
				if proposed {
					fmt.Fprintln(p.stdout, "The role waits for the confirmation of another administrator; until then nobody can sign in.")
				}
				_, err = fmt.Fprintf(p.stdout, "account %s created with role %s\none-time password: %s\n", u.Login, u.Role, password)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&u.Role, "role", "", "candidate, agency, official, admin or observer")
	cmd.Flags().StringVar(&u.Agency, "agency", "", "agency id, for members of one")
	cmd.Flags().StringVar(&u.Institution, "institution", "", "ministry, anpe or mission, for officials")
	cmd.Flags().BoolVar(&u.Collector, "collector", false, "may enter the profiles of others")
	cmd.Flags().StringVar(&u.As, "as", "", "e-mail address of the administrator who does this")
	return cmd
}

func (p *program) userDisable() *cobra.Command {
	var as string
	cmd := &cobra.Command{
		Use:   "disable EMAIL",
		Short: "Disable an account and end its sessions",
		Args:  exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withApp(cmd.Context(), func(a *app.App) error {
				if err := a.DisableUser(cmd.Context(), as, args[0]); err != nil {
					return err
				}
				_, err := fmt.Fprintf(p.stdout, "account %s disabled\n", args[0])
				return err
			})
		},
	}
	cmd.Flags().StringVar(&as, "as", "", "e-mail address of the administrator who does this")
	return cmd
}

func (p *program) userReset() *cobra.Command {
	var as string
	cmd := &cobra.Command{
		Use:   "reset EMAIL",
		Short: "Give an account a new one-time password and end its sessions",
		Args:  exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withApp(cmd.Context(), func(a *app.App) error {
				password, err := a.ResetUser(cmd.Context(), as, args[0])
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(p.stdout, "one-time password: %s\n", password)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&as, "as", "", "e-mail address of the administrator who does this")
	return cmd
}
