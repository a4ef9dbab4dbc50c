using System.Globalization;
using SigmaComms.Client.Vaults;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Vaults;

namespace SigmaComms.Node.Commands;

/// <summary>sigma vault list.</summary>
internal sealed class VaultListCommand : Verb
{
    public VaultListCommand()
        : base(
            "list",
            "Shows the vaults that this identity may use; those that have no name here yet with their ids.",
            "sigma vault list",
            "sigma vault list --json")
    {
        Runs(RunAsync);
    }

    private static async Task<ExitCode> RunAsync(CommandContext context)
    {
        await using VaultDoor door = await VaultDoor.OpenAsync(context);
        await door.IntroduceAsync(context);
        IReadOnlyList<VaultListing> listed = await door.Client.ListAsync(context.Stop);
        TextTable table = new("name", "vault", "whose", "writers", "entries");
        foreach (VaultListing listing in listed)
        {
            Show(context, door, table, listing);
        }

        if (listed.Count == 0)
        {
            context.Output.Note("There are none yet; make one: sigma vault create NAME");
            return ExitCode.Ok;
        }

        context.Output.Table(table);
        if (listed.FirstOrDefault(listing => listing.Name is null) is { } unnamed)
        {
            context.Output.Note($"Give a vault a name here: sigma vault add {unnamed.Vault} NAME");
        }

        return ExitCode.Ok;
    }

    private static void Show(CommandContext context, VaultDoor door, TextTable table, VaultListing listing)
    {
        bool? isOwn = listing.Summary is { } known ? known.Owner == door.Device : null;
        string whose = isOwn switch { true => "own", false => "shared", null => "not shared" };
        table.Row(
            listing.Name ?? "-",
            listing.Vault.ToString(),
            whose,
            listing.Summary?.Writers.ToString(CultureInfo.InvariantCulture) ?? "-",
            listing.Summary?.Entries.ToString(CultureInfo.InvariantCulture) ?? "-");
        context.Output.Object(writer =>
        {
            writer.WriteString("name", listing.Name);
            writer.WriteString("vault", listing.Vault.ToString());
            if (listing.Summary is { } summary)
            {
                writer.WriteString("owner", summary.Owner.ToString());
                writer.WriteBoolean("own", summary.Owner == door.Device);
                writer.WriteNumber("writers", summary.Writers);
                writer.WriteNumber("entries", summary.Entries);
            }
        });
    }
}
