# Completions of runsheet for bash. The program itself knows what may stand at the cursor.

_runsheet() {
    # Bash breaks words at `=` and `:`. Words without a blank between them are put together again.
    local rest=${COMP_LINE:0:COMP_POINT} word joined i count=0
    local -a words=()
    for ((i = 0; i <= COMP_CWORD; i++)); do
        joined=
        if ((count > 0)) && [[ -n $rest && $rest != [[:space:]]* ]]; then joined=1; fi
        rest=${rest#"${rest%%[![:space:]]*}"}
        if ((i == COMP_CWORD)); then
            word=$rest
        else
            word=${COMP_WORDS[i]}
            rest=${rest#"$word"}
        fi
        if [[ -n $joined ]]; then
            words[count - 1]+=$word
        else
            words[count]=$word
            count=$((count + 1))
        fi
    done

    local program=$1 answers answer kind=
    command -v -- "$program" > /dev/null 2>&1 || program=runsheet
    answers=$("$program" __complete "${words[@]:1}" 2> /dev/null)

    # Bash replaces only what follows its last break.
    local head=${words[count - 1]%"$2"}
    COMPREPLY=()
    while IFS= read -r answer; do
        if [[ -z $kind ]]; then
            kind=$answer
        else
            answer=${answer%%$'\t'*}
            COMPREPLY+=("${answer#"$head"}")
        fi
    done <<< "$answers"

    case $kind in
        files) compopt -o default 2> /dev/null || while IFS= read -r answer; do COMPREPLY+=("$answer"); done < <(compgen -f -- "$2") ;;
        folders) compopt -o dirnames 2> /dev/null || while IFS= read -r answer; do COMPREPLY+=("$answer"); done < <(compgen -d -- "$2") ;;
    esac
}

complete -o nosort -F _runsheet runsheet 2> /dev/null || complete -F _runsheet runsheet
