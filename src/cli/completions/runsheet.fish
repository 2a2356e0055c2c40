# Completions of runsheet for fish. The program itself knows what may stand at the cursor.

function __runsheet_complete
    set -l typed (commandline --current-process --tokenize --cut-at-cursor)
    set -l current (commandline --current-token --cut-at-cursor)
    set -l answers (runsheet __complete $typed[2..-1] "$current" 2> /dev/null)
    set -l head (string match --regex -- '^--[^=]*=' "$current")
    set -l path (string replace --regex -- '^--[^=]*=' '' "$current")
    switch "$answers[1]"
        case files
            for found in (__fish_complete_path "$path")
                echo "$head$found"
            end
        case folders
            for found in (__fish_complete_directories "$path")
                echo "$head$found"
            end
        case '*'
            set --erase answers[1]
            printf '%s\n' $answers
    end
end

complete --command runsheet --no-files --keep-order --arguments '(__runsheet_complete)'
