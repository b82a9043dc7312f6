package locale_test

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// reached gathers the texts that reach a sink, each with a place where it is
// written, and the places where following them came to an end. A text that
// ends in * is the known beginning of one that is put together.
type reached struct {
	*flow
	texts map[string]token.Pos
	lost  map[token.Pos]bool
	seen  map[place]bool
}

type place struct {
	v    *types.Var
	keys bool
}

// reach gives every text that can be in any of the variables.
func (f *flow) reach(sinks ...*types.Var) *reached {
	r := f.fresh()
	for _, v := range sinks {
		r.variable(v, false)
	}
	return r
}

func (f *flow) fresh() *reached {
	return &reached{flow: f, texts: map[string]token.Pos{}, lost: map[token.Pos]bool{}, seen: map[place]bool{}}
}

func (r *reached) note(text string, pos token.Pos) {
	if have, ok := r.texts[text]; text != "" && (!ok || pos < have) {
		r.texts[text] = pos
	}
}

func (r *reached) variable(v *types.Var, keys bool) {
	v = v.Origin()
	if at := (place{v, keys}); !r.seen[at] {
		r.seen[at] = true
	} else {
		return
	}
	for _, src := range r.into[v] {
		switch {
		case src.from != nil:
			r.variable(src.from, keys)
		case src.side == whole:
			r.eval(src.expr, src.index, keys || src.keys)
		case (src.side == asKey) == keys:
			r.eval(src.expr, src.index, src.keys)
		}
	}
}

func literalText(tv types.TypeAndValue) (string, bool) {
	if tv.Value == nil || tv.Value.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(tv.Value), true
}

// eval notes the texts an expression can have.
func (r *reached) eval(e ast.Expr, index int, keys bool) {
	if text, ok := literalText(r.info.Types[e]); ok {
		r.note(text, e.Pos())
		return
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING {
			r.note(text, e.Pos())
		}
	case *ast.ParenExpr:
		r.eval(e.X, index, keys)
	case *ast.StarExpr:
		r.eval(e.X, index, keys)
	case *ast.UnaryExpr:
		r.eval(e.X, index, keys)
	case *ast.SliceExpr:
		r.eval(e.X, index, keys)
	case *ast.IndexExpr:
		r.eval(e.X, index, false)
	case *ast.BinaryExpr:
		r.joined(e)
	case *ast.CompositeLit:
		r.elements(e, keys)
	case *ast.CallExpr:
		r.result(e, index, keys)
	case *ast.Ident, *ast.SelectorExpr:
		r.named(e, keys)
	default:
		r.lost[e.Pos()] = true
	}
}

func (r *reached) named(e ast.Expr, keys bool) {
	switch obj := r.object(e).(type) {
	case *types.Var:
		r.variable(obj, keys)
	case *types.Const:
		if obj.Val().Kind() == constant.String {
			r.note(constant.StringVal(obj.Val()), e.Pos())
		}
	case *types.Nil:
	default:
		r.lost[e.Pos()] = true
	}
}

func (r *reached) elements(c *ast.CompositeLit, keys bool) {
	if _, isStruct := r.typeOf(c).(*types.Struct); isStruct {
		return
	}
	for _, e := range c.Elts {
		kv, keyed := e.(*ast.KeyValueExpr)
		switch {
		case keyed && keys:
			r.eval(kv.Key, 0, false)
		case keyed:
			r.eval(kv.Value, 0, false)
		default:
			r.eval(e, 0, false)
		}
	}
}

// passing functions give back some of what they are given.
var passing = map[string]bool{"append": true, "Or": true, "Clone": true, "Concat": true, "Keys": true, "Values": true, "Sorted": true, "Collect": true, "Compact": true}

func (r *reached) result(c *ast.CallExpr, index int, keys bool) {
	sig := r.signature(c)
	if sig != nil && index < sig.Results().Len() {
		r.variable(sig.Results().At(index), keys)
		return
	}
	name := ""
	switch fun := ast.Unparen(c.Fun).(type) {
	case *ast.Ident:
		name = fun.Name
	case *ast.SelectorExpr:
		name = fun.Sel.Name
	}
	converts := r.info.Types[ast.Unparen(c.Fun)].IsType()
	if !converts && !passing[name] {
		r.lost[c.Pos()] = true
		return
	}
	for _, arg := range c.Args {
		r.eval(arg, 0, keys || name == "Keys")
	}
}

// joined puts together what is known of both sides of a sum.
func (r *reached) joined(e *ast.BinaryExpr) {
	left, right := r.part(e.X), r.part(e.Y)
	for a := range left.texts {
		open := strings.HasSuffix(a, "*")
		for b := range right.texts {
			if !open {
				r.note(a+b, e.Pos())
			}
		}
		if open {
			r.note(a, e.Pos())
		} else if len(right.lost) > 0 || len(right.texts) == 0 {
			r.note(a+"*", e.Pos())
		}
	}
	if len(left.lost) > 0 || len(left.texts) == 0 {
		r.lost[e.Pos()] = true
	}
}

// part evaluates on its own; a sum that feeds itself ends there.
func (r *reached) part(e ast.Expr) *reached {
	p := r.fresh()
	for at := range r.seen {
		p.seen[at] = true
	}
	p.eval(e, 0, false)
	return p
}
