"""How kernels and their helpers are compiled in less time than numba takes for the same code.

numba optimises every helper and makes machine code of it, though nobody calls it; at every call it takes the named
tuples that are handed on apart, a hundred arrays of eight numbers each, and puts them together again; it reads all of
one to get at a part; and it clears what is not used any more, for counts of references that kernels do without. Here a
helper is only translated and then optimised as a part of each kernel that it is pasted into, and a named tuple is
handed on by its address. This goes into numba's compiler deeper than its manual does: `tests/kernels/test_lowering.py`
says what of it has to hold in another version.
"""

from collections import Counter

import llvmlite.binding
import llvmlite.ir
from numba import _dynfunc  # type: ignore[attr-defined]  # numba's stubs leave it out
from numba.core import cgutils, ir, types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder, Flags
from numba.core.compiler_machinery import register_pass
from numba.core.datamodel.manager import DataModelManager
from numba.core.datamodel.models import TupleModel
from numba.core.datamodel.registry import default_manager
from numba.core.lowering import Lower
from numba.core.typed_passes import NativeLowering


class _ByAddress(TupleModel):
    """A named tuple as an argument: where it lies. Nobody changes one, so nobody needs one of his own."""

    def get_argument_type(self):
        return self.get_value_type().as_pointer()

    def as_argument(self, builder, value):
        return _address_of(value) or _put_down(value, builder)

    def from_argument(self, builder, value):
        return _lasting(builder.load(value))


def _lasting(value):
    """What has just been read, marked: nothing else will ever lie where it was."""
    value.is_lasting = True
    return value


def _address_of(value):
    """Where a value lies as long as it is used, None where it was worked out or something else will come to lie there.
    """
    return value.operands[0] if getattr(value, "is_lasting", False) else None


def _put_down(value, builder):
    with builder.goto_entry_block():
        place = builder.alloca(value.type)
    builder.store(value, place)
    return place


MODELS = DataModelManager().chain(default_manager)
MODELS.register(types.NamedTuple, _ByAddress)


class _KernelCode(Lower):
    """LLVM's code of a function without counts of references: a part of a named tuple is read alone."""

    def init(self):
        super().init()
        assigned = Counter(each.target.name for block in self.blocks.values() for each in block.find_insts(ir.Assign))
        self._once = {name for name, times in assigned.items() if times == 1}

    def loadvar(self, name):
        value = super().loadvar(name)
        return _lasting(value) if name in self._once and name not in self._blk_local_varmap else value

    def storevar(self, value, name, argidx=None):
        self._alloca_var(name, self.typeof(name))
        if name in self._singly_assigned_vars:
            self._blk_local_varmap[name] = value
        else:
            self.builder.store(value, self.getvar(name))

    def delvar(self, name):
        """What is not used any more stays: there is nothing to give back."""
        if name not in self._blk_local_varmap:
            self._singly_assigned_vars.discard(name)
        self._alloca_var(name, self.typeof(name))

    def lower_expr(self, resty, expr):
        if expr.op == "getattr":
            kind, place = self.typeof(expr.value.name), self._place_of(expr.value.name)
            if isinstance(kind, types.NamedTuple) and expr.attr in kind.fields and place is not None:
                member = kind.fields.index(expr.attr)
                part = self.builder.load(cgutils.gep_inbounds(self.builder, place, 0, member))
                if expr.value.name in self._blk_local_varmap or expr.value.name in self._once:
                    _lasting(part)
                return self.context.cast(self.builder, part, kind.types[member], resty)
        return super().lower_expr(resty, expr)

    def _place_of(self, name):
        value = self._blk_local_varmap.get(name)
        return self.getvar(name) if value is None else _address_of(value)


class _HelperCode(_KernelCode):
    """The same of a helper, whose named tuples stay where its caller has them."""

    def storevar(self, value, name, argidx=None):
        passed = argidx is not None and isinstance(self.typeof(name), types.NamedTuple)
        if passed and name in self._once - self._singly_assigned_vars:
            self.varmap[name] = _address_of(value)
        else:
            super().storevar(value, name, argidx)


class _Kernel(JITCodeLibrary):
    """Code that is optimised once everything has been pasted into it.

    Before, it is only tidied up: a call is so little that loops and branches around one would be copied, and what it
    calls as often. Loops are not unrolled, which takes a third of the time and gains nothing: those that take long are
    vectorised.
    """

    def _optimize_functions(self, ll_module):
        ll_module.data_layout = self._codegen._data_layout
        for function in ll_module.functions:
            passes, builder = self._codegen._function_pass_manager(opt=1)
            passes.run(function, builder)

    def _optimize_final_module(self):
        passes, builder = self._codegen._module_pass_manager(loop_vectorize=False, slp_vectorize=False, opt=0,
                                                             cost="cheap")
        passes.run(self._final_module, builder)
        chosen = llvmlite.binding.create_pipeline_tuning_options(speed_level=3)
        chosen.loop_vectorization, chosen.slp_vectorization, chosen.loop_unrolling = True, False, False
        builder = llvmlite.binding.create_pass_builder(self._codegen._tm, chosen)
        builder.getModulePassManager().run(self._final_module, builder)


class _Helper(_Kernel):
    """Code that is a part of kernels and nothing alone."""

    def _optimize_final_module(self):
        """It is optimised with the kernel."""

    def _finalize_final_module(self):
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class _KernelLowering(NativeLowering):
    _name = "kernel_lowering"
    lowering_class = _KernelCode
    library = _Kernel

    def run_pass(self, state):
        state.library = self.library(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return super().run_pass(state)


@register_pass(mutates_CFG=True, analysis_only=False)
class _HelperLowering(_KernelLowering):
    _name = "helper_lowering"
    lowering_class = _HelperCode
    library = _Helper

    def run_pass(self, state):
        """As numba does without `no_compile`, but that what stands for the helper in Python has no machine code."""
        state.flags.no_compile = True
        super().run_pass(state)
        lowered, name = state["cr"], state.func_id.func_qualname
        nothing = _dynfunc.make_function(lowered.fndesc.lookup_module(), name, "", 0, lowered.env, (state.library,))
        state.targetctx.insert_user_function(nothing, lowered.fndesc, [state.library])
        state["cr"] = lowered._replace(cfunc=nothing)
        return True


class _Flags(Flags):
    """numba's, which it compares for every operator of a program, with one look at each: a tenth of all its time."""

    defaults = {name: option.default for name, option in Flags.options.items()}
    code = hash(Flags())

    def __hash__(self):
        return self.code

    def values(self):
        return {**self.defaults, **self._values}


class Kernels(CompilerBase):
    """numba's compiler with the above."""

    lowering = _KernelLowering

    def __init__(self, typingctx, targetctx, library, args, return_type, flags, local):
        super().__init__(typingctx, targetctx, library, args, return_type, _Flags(flags), local)

    def define_pipelines(self):
        self.state.targetctx = self.state.targetctx.subtarget(data_model_manager=MODELS)
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        for place, (each, said) in enumerate(passes.passes):
            if each is NativeLowering:
                passes.passes[place] = self.lowering, said
        passes._finalized = False
        passes.finalize()
        return [passes]


class Helpers(Kernels):
    """The same for what is pasted into kernels."""

    lowering = _HelperLowering
