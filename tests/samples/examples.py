"""The examples that readers are shown, run with few replicates, few candidates and a short horizon.

What is run is the command as it is printed. Its size alone is cut: by options that are changed or added, and
by shipped sweep files of few points.
"""

import glob
import pathlib
import re
import shlex
import shutil

import click

from sim.cli import group
from tests.samples.runs import sim

ROOT = pathlib.Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`(sim [^`\n]+)`")
INCOMPLETE = re.compile(r"\b[A-Z]{4,}\b(?!_)|\bA\.toml|\.\.\.|sim run --no|"
                        "T99|lakes|two-towns|^sim open")   # files of recipes, tested on their own
CHANGED = {"--replicates": "2", "--uncertainty": "2", "--starts": "0", "--target": "0", "--draws": "2"}
ADDED = {"--replicates": "2", "--draws": "2", "--per-draw": "2", "--starts": "0", "--jobs": "1", "--horizon": "2"}
SETTINGS = ("population.candidates=1500", "diagnostics.members=0")
LARGER = ("population.candidates=6000", *SETTINGS[1:])                  # a region of more headquarters
SMALL = {"population.candidates": 1500, "diagnostics.members": 0, "time.end": "2027-12-31"}
SWEEPING = ("merge", "sensitivity", "smallest", "sweep")                 # some look at quarters in 2035
SOME = ("baseline", "shanghai-ftz", "dual-regime", "no-policy")          # of all scenarios
FEWER = ((r"(?m)^points = \d+", "points = 2"), (r"(?m)^replicates = \d+", "replicates = 2"),
         (r"(?m)^evidence = .*", "evidence = []"), (r"(?m)^leave_out = .*", ""),
         (r"(?m)^values = \[([^,\n]+), .*?([^,\n]+)\]", r"values = [\1, \2]"))
RUNS = [f"sim run scenarios/{name}.toml" for name in ("baseline", "shanghai-ftz")]
SHARDS = [f"sim sweep scenarios/sweeps/peers-reach.toml --shard {k}/2 --out outputs/peers-reach-shard-{k}-of-2"
          for k in (1, 2)]
BEFORE = {                     # what must be there for the examples of a help or page
    **dict.fromkeys(("check", "equilibria", "run", "show"), ["sim new demo"]), "compare": RUNS, "merge": SHARDS,
    "open": [RUNS[0], "sim report outputs/baseline"],
    "report": [RUNS[0], "sim compare scenarios/baseline.toml scenarios/shanghai-ftz.toml"], "rerun": RUNS[:1],
    "sensitivity": ["sim sweep scenarios/sweeps/peers-reach.toml", "sim sweep scenarios/sweeps/regimes-sobol.toml"],
    "sensitivity.md": ["sim sweep scenarios/sweeps/withdrawal.toml"]}
OWN = {                        # tables of the reader's own
    "places.csv": "id,name_en,lon,lat,headquarters\nmill,Mill,9.1,48.7,30\nport,Port,9.4,48.8,20\n",
    "mine.csv": "series,area,date,value,what_it_counts\n" + "".join(
        f"zone,zone,{year}-12-31,{70 + year % 5},stock\n" for year in range(2020, 2027)),
    "later.csv": "series,area,date,value,what_it_counts,measure\n" + "".join(
        f"firms,{site},{year},{40 + year % 7},stock,enterprises\n" for site in ("atlanta", "boston", "dallas")
        for year in range(2016, 2022)),
    "moves.csv": "year,from,to,industry,kind,count\n2019,boston,atlanta,,move,2\n2020,,dallas,,,3\n",
    "arrivals.csv": "year,destination,sector\n2019,atlanta,\n2020,boston,\n"}
HELD = {"run": "run", "rerun": "run", "compare": "run",       # what is in the folders that a command is given
        "sweep": "sweep", "merge": "sweep", "sensitivity": "sweep"}


def of_help(name):
    """The examples of a command's help, in their order; of the program's for ""."""
    text = (_command(name) if name else group).help.split("Examples:")[1].replace("\\\n", " ")
    lines = [" ".join(re.split(r"\s{2,}", line.strip())[:1]) if not name else " ".join(line.split())
             for line in text.splitlines()]
    return [line for line in lines if line.startswith("sim ")]


def of_page(path):
    """The commands of a page's shell blocks and of its running text, in their order."""
    text, found, done = path.read_text("utf-8"), [], 0
    for block in [*BLOCK.finditer(text), None]:
        found += INLINE.findall(text[done:block.start() if block else None])
        if block and block[1] in ("sh", "bash"):
            lines = [line.split("#")[0] for line in block[2].splitlines()]
            found += [said[1] for line in lines if (said := re.search(r"(?:^|/)(sim .*)", line))]
        done = block.end() if block else done
    return [line for line in found if len(line.split()) > 2 and not INCOMPLETE.search(line)]


def smaller_cell(code):
    """A cell of Python whose runs are small; SMALL is to be among its names."""
    fewer = re.sub(r"\bdraws=\d+", "draws=2, jobs=1", code)
    return re.sub(r"replicates=\d+", "replicates=2, jobs=1, settings=SMALL", fewer)


def folders_of(line):
    """[(folder below outputs/, "run" or "sweep")] of a printed command: those that it reads, and the one it writes."""
    name, *words = shlex.split(line.partition(" > ")[0])[1:]
    if name not in HELD:
        return []
    own = name not in ("compare", "sensitivity")                 # what these write is neither
    places = [word for before, word in zip(["", *words], words) if own or before != "--out"]
    if name != "compare" and not (own and "--out" in words):
        places += [f"outputs/{pathlib.Path(word).stem}" for word in words[:1] if word.endswith(".toml")]
    return [(found[1], HELD[name]) for place in places if (found := re.match(r"(?:[\w-]+=)?(outputs/[\w-]+)", place))]


def prepare(folder):
    """A folder as somebody has it who has the repository: shipped scenarios, and sweeps of few points."""
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    for path in (folder / "scenarios" / "sweeps").glob("*.toml"):
        path.write_text(_fewer(path.read_text("utf-8")), "utf-8")
    page = (ROOT / "docs" / "laptop-to-cluster.md").read_text("utf-8")
    text = next(body for kind, body in BLOCK.findall(page) if kind == "toml")
    for name, rows in OWN.items():
        (folder / name).write_text(rows, "utf-8")
    (folder / "study.toml").write_text(_fewer(text.replace('"../', '"scenarios/')), "utf-8")


def _fewer(text):
    for pattern, put in FEWER:
        text = re.sub(pattern, put, text)
    return text


def run(line, cluster=""):
    """A printed command, cut, in this process and the working folder: its result."""
    command, _, target = line.partition(" > ")
    done = sim(*cut(words_of(command), cluster))
    if target:
        pathlib.Path(target.strip()).write_text(done.stdout, "utf-8")
    return done


def words_of(command):
    """The words of a command after `sim`, as the shell gives them."""
    return [word for part in shlex.split(command)[1:] for word in _as_the_shell_gives_it(part)]


class Kept:
    """What printed commands have made, so that one that several pages print is run once.

    A command is the same where its words, once cut, are, and those of the commands before it that name a file or
    folder that it names, or that those name. `folder` holds the files that each has written.
    """

    def __init__(self, folder):
        self.folder, self._made = folder, {}

    def run(self, line, before):
        """The result of a line in the working folder after the lines `before`, with the files that it writes there."""
        key = _with_causes(line, before)
        if key in self._made:
            done, place = self._made[key]
            shutil.copytree(place, ".", dirs_exist_ok=True)
            return done
        there, done = _stamps(), run(line)
        place = self.folder / str(len(self._made))
        for path in [path for path, stamp in _stamps().items() if there.get(path) != stamp]:
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, place / path)
        place.mkdir(exist_ok=True)
        self._made[key] = done, place
        return done


def _with_causes(line, before):
    """The cut words of a line and of the lines before it that it may depend on, and which of its names are there."""
    names, chain = _names(line), [line]
    there = tuple(sorted(name for name in names if pathlib.Path(name).exists()))
    for each in reversed(before):
        if names & _names(each):
            names, chain = names | _names(each), [*chain, each]
    return there, *((tuple(cut(words_of(each.partition(" > ")[0]))), each.partition(" > ")[2]) for each in chain)


def _names(line):
    """Files and folders that a command names, as far as commands write there; a scenario stands for its runs."""
    words = [word.rpartition("=")[2] for word in line.split() if "=" not in word or "=outputs/" in word]
    names = {re.sub(r"^scenarios/(?:[\w-]+/)*([\w-]+)\.toml$", r"outputs/\1", word) for word in words}
    return {"/".join(name.split("/")[:1 + name.startswith("outputs/")]) for name in names
            if re.match(r"[A-Za-z]", name)} - {"sim", line.split()[1]}


def _stamps():
    """Size and time of the last change of every file below the working folder."""
    return {path: (found.st_mtime_ns, found.st_size) for path in pathlib.Path(".").rglob("*") if path.is_file()
            for found in [path.stat()]}


def _as_the_shell_gives_it(word):
    if "*" not in word:
        return [word.replace("$SLURM_ARRAY_TASK_ID", "1")]
    return [path for path in sorted(glob.glob(word))
            if not path.startswith("scenarios/") or pathlib.Path(path).stem in SOME]


def cut(words, cluster=""):
    """The words of a command with its size cut down."""
    name, options = words[0], _options(words[0])
    words = [_smaller(before, word, cluster) for before, word in zip(("", *words), words)]
    if name == "verify":
        return words if "--only" in words else [*words, "--only", "T16"]
    for option, value in {} if _reads_only(words) else ADDED.items():
        words += [option, value] if option in options and option not in words else []
    end = "2035" if name in SWEEPING else "2027"
    settings = SETTINGS if not any("us-metros" in word for word in words) else LARGER
    for setting in (*settings, f"time.end={end}-12-31") if "--set" in options and not _reads_only(words) else ():
        words += ["--set", setting]
    if name == "explore" and "--save" not in words:                      # a server would not end
        words += ["--save", "explored.html"]
    return [*words, *(["--no-figures"] if "--no-figures" in options else [])]


def _smaller(before, word, cluster):
    """A word of a command, smaller if it says the size of something."""
    if before == "--dask":
        return cluster
    if before == "--over":
        return re.sub(r":[\d.]+:\d+$", ":0.1:2", word)
    return word.replace("/50", "/1") if before == "--shard" else CHANGED.get(before, word)


def _reads_only(words):
    """Whether a command reads folders of finished work, which no setting changes."""
    return any(word.split("=")[-1].startswith("outputs/") for word in words[1:2])


def _command(name):
    return group.get_command(click.Context(group), name)


def _options(name):
    """Options of a command, those that switch off too."""
    return {option for each in _command(name).params for option in (*each.opts, *each.secondary_opts)}
