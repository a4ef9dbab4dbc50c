using System.Text;
using SigmaComms.Client.Vaults;
using SigmaComms.Cryptography;
using SigmaComms.Node.Commands;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Vaults;

/// <summary>
/// What opens a vault: the passphrase or recovery code that was given; else the key on this machine, else the
/// identity's own, else a passphrase that a person is asked for.
/// </summary>
internal sealed class VaultKeyChoice
{
    /// <summary>The variable that holds a passphrase itself.</summary>
    public const string PassphraseVariable = "SIGMA_VAULT_PASSPHRASE";

    /// <summary>The variable that names a file whose first line is the passphrase.</summary>
    public const string FileVariable = "SIGMA_VAULT_PASSPHRASE_FILE";

    private readonly PasswordSource _passphrase;
    private readonly PasswordSource? _recovery;

    private VaultKeyChoice(PasswordSource passphrase, PasswordSource? recovery)
    {
        _passphrase = passphrase;
        _recovery = recovery;
    }

    /// <summary>Whether a passphrase was given, so that nobody has to be asked.</summary>
    public bool IsPassphraseGiven => _passphrase.File is not null || _passphrase.Value is not null;

    /// <summary>What the command line says, or else the environment.</summary>
    /// <exception cref="CommandException">Both are given.</exception>
    public static VaultKeyChoice Of(CommandContext context, string? passphraseFile, string? recoveryFile)
    {
        if (passphraseFile is not null && recoveryFile is not null)
        {
            throw new CommandException(
                ExitCode.Usage,
                "which secret?",
                "both --passphrase-file and --recovery-file are given",
                "choose one of them");
        }

        bool canAsk = context.Password.CanAsk;
        PasswordSource passphrase = new()
        {
            File = passphraseFile ?? Variable(FileVariable),
            Value = passphraseFile is null ? Variable(PassphraseVariable) : null,
            ValueName = PassphraseVariable,
            Remedy = $"use --passphrase-file FILE or the variable {PassphraseVariable}",
            CanAsk = canAsk,
        };
        PasswordSource? recovery = recoveryFile is null ? null : new PasswordSource
        {
            File = recoveryFile == "-" ? null : recoveryFile,
            Remedy = "use --recovery-file FILE",
            CanAsk = canAsk,
        };
        return new VaultKeyChoice(passphrase, recovery);
    }

    /// <summary>The passphrase, which a person types twice; the caller disposes it.</summary>
    /// <param name="name">What the vault is called here.</param>
    /// <param name="stop">Gives up.</param>
    public Task<SecretBytes> ReadNewAsync(string name, CancellationToken stop) =>
        _passphrase.ReadAsync($"the vault {name}", confirm: true, stop);

    /// <summary>Opens a vault.</summary>
    /// <param name="client">The identity's vaults.</param>
    /// <param name="name">What it is called here.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>The vault; the caller disposes it.</returns>
    public async Task<OpenedVault> OpenAsync(VaultClient client, string name, CancellationToken stop)
    {
        if (_recovery is not null)
        {
            using VaultSecret code = await ReadRecoveryAsync(_recovery, name, stop);
            return await client.OpenAsync(name, code, stop);
        }

        if (!IsPassphraseGiven)
        {
            using VaultSecret device = VaultSecret.OfDevice();
            using VaultSecret member = VaultSecret.OfMember();
            OpenedVault? open = await TryOpenAsync(client, name, device, stop);

            // Where nobody can be asked, the last refusal tells how it stands.
            open ??= _passphrase.CanAsk
                ? await TryOpenAsync(client, name, member, stop)
                : await client.OpenAsync(name, member, stop);
            if (open is not null)
            {
                return open;
            }
        }

        using SecretBytes passphrase = await _passphrase.ReadAsync($"the vault {name}", confirm: false, stop);
        using VaultSecret alone = VaultSecret.OfPassphrase(passphrase.Span);
        using VaultSecret withDevice = VaultSecret.OfHybrid(passphrase.Span);
        try
        {
            return await client.OpenAsync(name, alone, stop);
        }
        catch (VaultException first) when (first.Reason is VaultFailure.NoSlot or VaultFailure.WrongSecret)
        {
            // It may be the one that counts only together with this machine; if it is not, the first refusal is told.
            if (await TryOpenAsync(client, name, withDevice, stop) is { } open)
            {
                return open;
            }

            throw;
        }
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static async Task<OpenedVault?> TryOpenAsync(
        VaultClient client, string name, VaultSecret secret, CancellationToken stop)
    {
        try
        {
            return await client.OpenAsync(name, secret, stop);
        }
        catch (VaultException fault) when (fault.Reason == VaultFailure.NoSlot)
        {
            return null;
        }
    }

    private static async Task<VaultSecret> ReadRecoveryAsync(
        PasswordSource source, string name, CancellationToken stop)
    {
        using SecretBytes typed = await source.ReadAsync($"the vault {name} (recovery code)", confirm: false, stop);
        char[] text = new char[Encoding.UTF8.GetCharCount(typed.Span)];
        try
        {
            Encoding.UTF8.GetChars(typed.Span, text);
            return VaultSecret.OfRecovery(text);
        }
        finally
        {
            Array.Clear(text);
        }
    }
}
