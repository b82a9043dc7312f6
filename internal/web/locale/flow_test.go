package locale_test

import (
	"go/ast"
	"go/types"
)

// source is one thing that may end up in a variable. A list or map stands for
// everything it holds.
type source struct {
	expr  ast.Expr
	index int        // which result, of a call
	keys  bool       // the keys of the map expr, rather than its values
	side  side       // where in a map it is put
	from  *types.Var // another variable, in place of expr
}

// side says where something is put: a whole map carries both its sides.
type side int

const (
	whole side = iota
	asKey
	asValue
)

// flow says, for each parameter, result, member and variable of the module,
// what is put there.
type flow struct {
	*module
	into map[*types.Var][]source
}

func newFlow(m *module) *flow {
	f := &flow{module: m, into: map[*types.Var][]source{}}
	for _, file := range m.files {
		for _, d := range file.Decls {
			f.decl(d)
		}
	}
	return f
}

func (f *flow) decl(d ast.Decl) {
	fn, ok := d.(*ast.FuncDecl)
	if !ok {
		f.walk(d, nil)
		return
	}
	if obj, ok := f.info.Defs[fn.Name].(*types.Func); ok && fn.Body != nil {
		f.walk(fn.Body, obj.Signature())
	}
}

// walk notes every flow below n, inside a function of that signature.
func (f *flow) walk(n ast.Node, sig *types.Signature) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			inner, _ := f.typeOf(n).(*types.Signature)
			f.walk(n.Body, inner)
			return false
		case *ast.CallExpr:
			f.call(n)
		case *ast.CompositeLit:
			f.literal(n)
		case *ast.AssignStmt:
			f.assign(n.Lhs, n.Rhs)
		case *ast.ValueSpec:
			names := make([]ast.Expr, len(n.Names))
			for i, name := range n.Names {
				names[i] = name
			}
			f.assign(names, n.Values)
		case *ast.IncDecStmt:
			f.keyed(n.X)
		case *ast.RangeStmt:
			f.ranged(n)
		case *ast.ReturnStmt:
			f.returned(n, sig)
		}
		return true
	})
}

func (f *flow) typeOf(e ast.Expr) types.Type {
	if t := f.info.TypeOf(e); t != nil {
		return t.Underlying()
	}
	return nil
}

// put notes that src flows into v, and links the parameters of functions that
// are passed as values.
func (f *flow) put(v *types.Var, src source) {
	if v == nil {
		return
	}
	v = v.Origin()
	f.into[v] = append(f.into[v], src)
	if src.expr == nil {
		return
	}
	to, isFunc := v.Type().Underlying().(*types.Signature)
	given, ok := f.typeOf(src.expr).(*types.Signature)
	if !isFunc || !ok || to == given {
		return
	}
	for i := range min(to.Params().Len(), given.Params().Len()) {
		f.put(given.Params().At(i), source{from: to.Params().At(i).Origin()})
	}
	for i := range min(to.Results().Len(), given.Results().Len()) {
		f.put(to.Results().At(i), source{from: given.Results().At(i).Origin()})
	}
}

func (f *flow) call(c *ast.CallExpr) {
	sig := f.signature(c)
	if sig == nil {
		return
	}
	count := sig.Params().Len()
	if len(c.Args) == 1 && count > 1 && !sig.Variadic() {
		for i := range count {
			f.put(sig.Params().At(i), source{expr: c.Args[0], index: i})
		}
		return
	}
	for i, arg := range c.Args {
		if count > 0 {
			f.put(sig.Params().At(min(i, count-1)), source{expr: arg})
		}
	}
}

// signature is that of the called function of the module; nil for others and
// for conversions. Instances of generic functions give the generic one.
func (f *flow) signature(c *ast.CallExpr) *types.Signature {
	fun := ast.Unparen(c.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	if fn, ok := f.object(fun).(*types.Func); ok {
		return fn.Origin().Signature()
	}
	if tv, ok := f.info.Types[fun]; ok && tv.IsType() {
		return nil
	}
	sig, _ := f.typeOf(fun).(*types.Signature)
	return sig
}

// object is what an identifier or selector names.
func (f *flow) object(e ast.Expr) types.Object {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if obj := f.info.Defs[e]; obj != nil {
			return obj
		}
		return f.info.Uses[e]
	case *ast.SelectorExpr:
		return f.info.Uses[e.Sel]
	}
	return nil
}

func (f *flow) variable(e ast.Expr) *types.Var {
	v, _ := f.object(e).(*types.Var)
	return v
}

func (f *flow) literal(c *ast.CompositeLit) {
	members, ok := f.typeOf(c).(*types.Struct)
	if !ok {
		if ptr, isPtr := f.typeOf(c).(*types.Pointer); isPtr {
			members, ok = ptr.Elem().Underlying().(*types.Struct)
		}
	}
	if !ok {
		return
	}
	for i, e := range c.Elts {
		if kv, keyed := e.(*ast.KeyValueExpr); keyed {
			f.put(f.variable(kv.Key), source{expr: kv.Value})
		} else if i < members.NumFields() {
			f.put(members.Field(i), source{expr: e})
		}
	}
}

func (f *flow) assign(left, right []ast.Expr) {
	for i, to := range left {
		src := source{}
		switch {
		case len(right) == len(left):
			src.expr = right[i]
		case len(right) == 1:
			src.expr, src.index = right[0], i
		default:
			return
		}
		if at, ok := ast.Unparen(to).(*ast.IndexExpr); ok {
			f.keyed(at)
			to, src.side = at.X, asValue
		}
		f.put(f.variable(to), src)
	}
}

// keyed notes what a map is written under.
func (f *flow) keyed(e ast.Expr) {
	if at, ok := ast.Unparen(e).(*ast.IndexExpr); ok {
		f.put(f.variable(at.X), source{expr: at.Index, side: asKey})
	}
}

func (f *flow) ranged(r *ast.RangeStmt) {
	if r.Value != nil {
		f.put(f.variable(r.Value), source{expr: r.X})
	}
	if _, isMap := f.typeOf(r.X).(*types.Map); isMap && r.Key != nil {
		f.put(f.variable(r.Key), source{expr: r.X, keys: true})
	}
}

func (f *flow) returned(r *ast.ReturnStmt, sig *types.Signature) {
	if sig == nil {
		return
	}
	for i := range sig.Results().Len() {
		switch {
		case len(r.Results) == sig.Results().Len():
			f.put(sig.Results().At(i), source{expr: r.Results[i]})
		case len(r.Results) == 1:
			f.put(sig.Results().At(i), source{expr: r.Results[0], index: i})
		}
	}
}
