# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion of Linkout's commands. For those that kmod and util-linux have too it is only taken when it was loaded under
# their name, from PREFIX/lib/linkout/share, which bash-completion does for commands found in PREFIX/lib/linkout/bin.

# Prints the options of a command, or of a subcommand of kernel-sim; one that takes a value ends in = where the command's help has it so.
_linkout_options() {
	case $1 in
	insmod) echo "-f --force --force-vermagic --force-modversion -n --dry-run --map= --image= --no-fixups --timing -v --verbose --search= --socket= -V --version -h --help" ;;
	rmmod) echo "-f --force -v --verbose --socket= -V --version -h --help" ;;
	lsmod) echo "-v --verbose --json --socket= -V --version -h --help" ;;
	modprobe) echo "-a --all -r --remove --remove-dependencies --remove-holders -w --wait= --first-time -i --ignore-install --ignore-remove -b --use-blacklist -f --force --force-modversion --force-vermagic -R --resolve-alias -D --show-depends -c --showconfig --show-config --show-modversions --dump-modversions --show-exports -n --dry-run -v --show -C --config= -d --dirname= -S --set-version= -s --syslog -q --quiet --verbose --search= --socket= -V --version -h --help" ;;
	modinfo) echo "-a --author -d --description -l --license -p --parameters -n --filename -0 --null -m --modname -F --field= -k --set-version= -b --basedir= --json --socket= -V --version -h --help" ;;
	depmod) echo "-a --all -A --quick -e --errsyms -n --show --dry-run -P --symbol-prefix= -C --config= -v --verbose -w --warn -b --basedir= -o --outdir= -F --filesyms= -E --symvers= -u --unresolved-error -q --quiet -r --root -m --map --socket= -V --version -h --help" ;;
	dmesg) echo "-C --clear -c --read-clear -d --show-delta -e --reltime -f --facility= -H --human -J --json -k --kernel -l --level= -P --nopager -p --force-prefix -r --raw --noescape --since= -T --ctime -t --notime --until= -w --follow -x --decode --search= --socket= -V --version -h --help" ;;
	ksym) echo "--all --json --search= --socket= -V --version -h --help" ;;
	kcall) echo "--json --search= --socket= -V --version -h --help" ;;
	kmap) echo "--svg= --json --gdb --search= --socket= -V --version -h --help" ;;
	ksymoops) echo "--module= --search= --symbols= --socket= -V --version -h --help" ;;
	modcheck) echo "--kernel-headers= --json --search= --socket= -V --version -h --help" ;;
	kernel-sim:run | kernel-sim:start) echo "--log-level --socket -h --help -V --version --kernel-headers --symbols --no-modules --init-timeout --allow-uid --socket-mode --session-memory --session-handles --max-sessions --max-sessions-uid --max-queue --max-frame --max-pipelined --max-names --max-entries --max-followers --max-arguments --max-call-memory --hello-timeout --frame-timeout --reply-timeout --allow-read-uid --log-file" ;;
	kernel-sim:stop) echo "--socket --help --version" ;;
	kernel-sim:status) echo "--quiet -q --socket --help --version" ;;
	kernel-sim:reload) echo "--log-level --socket --help --version" ;;
	kernel-sim:stats) echo "--json --socket --help --version" ;;
	kernel-sim:sessions) echo "--json --socket --help --version" ;;
	kernel-sim:disconnect) echo "--socket --help --version" ;;
	kernel-sim:) echo "--help --version -h -V" ;;
	esac
}

# Prints the modules that are loaded; nothing if there is no kernel.
_linkout_loaded() {
	"$1" lsmod 2>/dev/null | while read -r name _; do [ "$name" = Module ] || echo "$name"; done
}

_linkout() {
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} first=1 command=${COMP_WORDS[0]##*/} subcommand=
	local linkout=${COMP_WORDS[0]}
	COMPREPLY=()
	if [[ $command == linkout ]]; then
		command=${COMP_WORDS[1]-}
		first=2
		if ((COMP_CWORD == 1)); then
			COMPREPLY=($(compgen -W "kernel-sim insmod rmmod lsmod modprobe modinfo depmod dmesg ksym kcall kmap ksymoops modcheck --help --version" -- "$current"))
			return
		fi
	elif [[ $linkout == */* ]]; then
		linkout=${linkout%/*}/linkout
	else
		linkout=linkout
	fi
	if [[ $command == kernel-sim ]]; then
		if ((COMP_CWORD == first)); then
			COMPREPLY=($(compgen -W "run start stop status reload stats sessions disconnect --help --version" -- "$current"))
			return
		fi
		subcommand=:${COMP_WORDS[first]}
	fi
	# bash takes = for a word of its own.
	[[ $current != = ]] || current=
	[[ $previous != = ]] || previous=${COMP_WORDS[COMP_CWORD - 2]}
	case $previous in
	--log-level)
		COMPREPLY=($(compgen -W "trace debug info warn error" -- "$current"))
		return
		;;
	--symbols)
		if [[ $command == kernel-sim ]]; then
			COMPREPLY=($(compgen -W "kernel userspace" -- "$current"))
			return
		fi
		;;
	--kernel-headers | --search | --dirname | --basedir | --outdir | -d | -b | -o)
		COMPREPLY=($(compgen -d -- "$current"))
		return
		;;
	esac
	if [[ $current == -* ]]; then
		COMPREPLY=($(compgen -W "$(_linkout_options "$command$subcommand")" -- "$current"))
		[[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null
		return
	fi
	case $command in
	rmmod) COMPREPLY=($(compgen -W "$(_linkout_loaded "$linkout")" -- "$current")) ;;
	*) COMPREPLY=($(compgen -f -- "$current")) ;;
	esac
}

complete -F _linkout linkout kernel-sim ksym kcall kmap ksymoops modcheck
case ${BASH_SOURCE[0]##*/} in
insmod | rmmod | lsmod | modprobe | modinfo | depmod | dmesg) complete -F _linkout "${BASH_SOURCE[0]##*/}" ;;
esac
