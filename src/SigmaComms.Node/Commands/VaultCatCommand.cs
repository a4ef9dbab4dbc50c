using System.CommandLine;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Vaults;

namespace SigmaComms.Node.Commands;

/// <summary>sigma vault cat.</summary>
internal sealed class VaultCatCommand : VaultVerb
{
    private readonly Argument<string> _path = new("path") { Description = VaultAddress.Form };

    private readonly Option<long> _offset = new("--offset")
    {
        HelpName = "BYTES",
        Description = "Begin there",
    };

    private readonly Option<long> _length = new("--length")
    {
        HelpName = "BYTES",
        Description = "Write so many at most. Default: to the end",
        DefaultValueFactory = _ => long.MaxValue,
    };

    public VaultCatCommand()
        : base(
            "cat",
            "Writes a file of a vault to standard output.",
            "sigma vault cat backup:/docs/notes.txt",
            "sigma vault cat backup:/home.tar | tar x",
            "sigma vault cat backup:/disk.img --offset 512 --length 512")
    {
        _offset.Validators.Add(RefuseNegative);
        _length.Validators.Add(RefuseNegative);
        Add(_path);
        Add(_offset);
        Add(_length);
        Runs(RunAsync);
    }

    private Task<ExitCode> RunAsync(CommandContext context)
    {
        VaultAddress address = VaultAddress.Parse(context.Arguments.GetRequiredValue(_path));
        long offset = context.Arguments.GetValue(_offset);
        long length = context.Arguments.GetValue(_length);
        return ReadVaultAsync(context, address.Vault, async vault =>
        {
            // The file's bytes are the data: with --json too there is nothing else on standard output.
            Stream data = context.Output.DataStream;
            await context.Output.WhileReadAsync(
                stop => vault.ReadAsync(address.Path, offset, length, data, stop), context.Time, context.Stop);
            await data.FlushAsync(context.Stop);
            return ExitCode.Ok;
        });
    }

    private static void RefuseNegative(System.CommandLine.Parsing.OptionResult result)
    {
        if (result.Tokens is [var token, ..] && long.TryParse(token.Value, out long value) && value < 0)
        {
            result.AddError($"{result.Option.Name} is {value}, wanted is 0 or more.");
        }
    }
}
