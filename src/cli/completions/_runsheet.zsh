#compdef runsheet
# Completions of runsheet for zsh. The program itself knows what may stand at the cursor.

_runsheet() {
    local program=${(Q)words[1]} answer name
    local -a answers values
    (( $+commands[$program] )) || [[ -x $program ]] || program=runsheet
    answers=("${(@f)$($program __complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2> /dev/null)}")
    case ${answers[1]} in
        files)
            [[ $PREFIX == *=* ]] && compset -P '*='
            _files
            ;;
        folders)
            [[ $PREFIX == *=* ]] && compset -P '*='
            _files -/
            ;;
        *)
            for answer in "${(@)answers[2,-1]}"; do
                name=${answer%%$'\t'*}
                values+=("${name//:/\\:}:${answer#*$'\t'}")
            done
            _describe -V 'runsheet' values
            ;;
    esac
}

# As a file of $fpath this is the body of the function; sourced, it only defines it.
if [[ $funcstack[1] == _runsheet ]]; then
    _runsheet "$@"
else
    compdef _runsheet runsheet
fi
