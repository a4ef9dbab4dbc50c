using SigmaComms.Client;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Node.Commands;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Identities;

/// <summary>Finds out which identity of the data folder is meant.</summary>
internal static class IdentityChoice
{
    /// <summary>The one that was named, or the only one there is.</summary>
    /// <param name="context">The command.</param>
    /// <param name="argument">The name as an argument, which wins over --identity.</param>
    /// <exception cref="CommandException">There is none, or there are several and none was named.</exception>
    public static IdentityFolder Of(CommandContext context, string? argument = null)
    {
        if ((argument ?? GlobalOptions.Identity.Value(context.Arguments)) is { } name)
        {
            return Named(context, name);
        }

        IReadOnlyList<IdentityFolder> all = All(context.Home);
        return all.Count switch
        {
            1 => all[0],
            0 => throw new CommandException(
                ExitCode.NotFound,
                "no identity",
                $"{context.Home.IdentitiesFolder} holds none",
                "make one: sigma identity new NAME"),
            _ => throw new CommandException(
                ExitCode.Usage,
                "which identity?",
                $"there are {string.Join(", ", all.Select(NameOf))}",
                "name one with --identity or SIGMA_IDENTITY"),
        };
    }

    /// <summary>All identities of a data folder, by name.</summary>
    public static IReadOnlyList<IdentityFolder> All(SigmaHome home)
    {
        string[] folders = Directory.Exists(home.IdentitiesFolder)
            ? Directory.GetDirectories(home.IdentitiesFolder)
            : [];
        return
        [
            .. folders.Order(StringComparer.Ordinal).Select(folder => new IdentityFolder(folder))
                .Where(folder => File.Exists(folder.KeyStore)),
        ];
    }

    /// <summary>The account's name: what its folder is called.</summary>
    public static string NameOf(IdentityFolder folder) => Path.GetFileName(folder.Path);

    private static IdentityFolder Named(CommandContext context, string name)
    {
        if (!AccountName.IsValid(name))
        {
            throw new CommandException(
                ExitCode.Usage, $"no identity {name}", "no account can have that name", "names have 1 to 32 of a-z, "
                    + "0-9, - and _");
        }

        IdentityFolder named = new(context.Home.Identity(name));
        if (File.Exists(named.KeyStore))
        {
            return named;
        }

        // Its messages are there, so it was there: a new one would be somebody else to all its peers.
        throw File.Exists(named.Journal)
            ? new CommandException(
                ExitCode.NotFound,
                $"the keys of {name} are missing",
                $"{named.Path} holds its messages, but not identity.keys",
                "put identity.keys back from a copy; without it they cannot be read")
            : new CommandException(
                ExitCode.NotFound,
                $"no identity {name}",
                $"{named.Path} holds none",
                $"make it: sigma identity new {name}");
    }
}
