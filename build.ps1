# The same verbs as build.sh. Where bash is found it forwards to it; else it calls dotnet for the verbs that need no more.
param([string]$Verb = 'help', [Parameter(ValueFromRemainingArguments = $true)][string[]]$Rest = @())
Set-Location $PSScriptRoot
if (($IsLinux -or $IsMacOS) -and (Get-Command bash -ErrorAction SilentlyContinue)) {
    & bash ./build.sh $Verb @Rest
    exit $LASTEXITCODE
}
$node = 'src/SigmaComms.Node'
switch ($Verb) {
    'setup' { dotnet --version }
    'build' { dotnet build SigmaComms.sln -c Release --nologo -v minimal }
    'test' {
        if ($Rest -contains '--full') { $env:SIGMA_LONG_TESTS = '1' }
        dotnet test SigmaComms.sln -c Release --nologo
    }
    'tidy' {
        dotnet format whitespace SigmaComms.sln --verify-no-changes
        if ($LASTEXITCODE -eq 0) { dotnet test tests/SigmaComms.Tidy.Tests -c Release --nologo }
    }
    'demo' { dotnet run --project $node -c Release -- demo @Rest }
    'run' { dotnet run --project $node -c Release -- @Rest }
    'bench' {
        dotnet publish $node -c Release -o artifacts/publish
        $env:SIGMA_EXECUTABLE = Join-Path $PSScriptRoot 'artifacts/publish/sigma'
        dotnet run --project bench/SigmaComms.Bench -c Release -- @Rest
    }
    'publish' { dotnet publish $node -c Release -o artifacts/publish }
    'sim' { dotnet run --project tests/SigmaComms.Simulation -c Release -- @Rest }
    default { Write-Output 'usage: ./build.ps1 setup|build|test|tidy|demo|run|bench|sim|publish [ARGS]'; if ($Verb -ne 'help') { exit 2 } }
}
exit $LASTEXITCODE
