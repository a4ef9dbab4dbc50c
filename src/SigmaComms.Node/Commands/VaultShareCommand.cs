using System.CommandLine;
using System.Globalization;
using SigmaComms.Client;
using SigmaComms.Client.Vaults.Sharing;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Node.Agents;
using SigmaComms.Node.Identities;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Commands;

/// <summary>sigma vault share.</summary>
internal sealed class VaultShareCommand : VaultVerb
{
    private readonly Argument<string> _name = new("name") { Description = "What the vault is called here" };

    private readonly Argument<string> _peer = new("peer") { Description = "The peer's account name" };

    public VaultShareCommand()
        : base(
            "share",
            "Lets a peer whose safety number was compared read and write a vault.",
            "sigma vault share family beta")
    {
        Add(_name);
        Add(_peer);
        Runs(RunAsync);
    }

    private async Task<ExitCode> RunAsync(CommandContext context)
    {
        string name = context.Arguments.GetRequiredValue(_name);
        string peer = context.Arguments.GetRequiredValue(_peer);
        RequireCompared(IdentityChoice.Of(context), peer);
        AccountRecord account = await AccountOfAsync(context, peer);
        return await WithVaultAsync(context, name, async vault =>
        {
            int devices = await vault.Slots.ShareAsync(
                new VaultPeer(account, IsCompared: true), isForced: false, context.Stop);
            context.Output.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"{peer} may read and write {name} now, with {devices} device{(devices == 1 ? "" : "s")}"));
            context.Output.Note($"{peer} gives it a name: sigma vault add {vault.Vault} {name}");
            context.Output.Object(writer =>
            {
                writer.WriteString("vault", vault.Vault.ToString());
                writer.WriteString("peer", peer);
                writer.WriteNumber("devices", devices);
            });
            return ExitCode.Ok;
        });
    }

    /// <summary>The peer's account, as the identity trusts it: its agent tells, or one for the while.</summary>
    internal static async Task<AccountRecord> AccountOfAsync(CommandContext context, string peer)
    {
        await using AgentDoor door = await AgentDoor.OpenAsync(context);
        await door.WaitReadyAsync(context);
        return await door.Agent.GetAccountAsync(peer, context.Stop);
    }

    private static void RequireCompared(IdentityFolder folder, string peer)
    {
        if (!ComparedPeers.Load(folder).Names.Contains(peer, StringComparer.Ordinal))
        {
            throw new CommandException(
                ExitCode.NotAuthorised,
                $"the vault is not shared with {peer}",
                "nobody has compared the safety number, so a node could have put itself in between",
                $"compare it by another way, then: sigma identity verify {peer} DIGITS");
        }
    }
}
