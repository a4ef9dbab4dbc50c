using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using SigmaComms.Client.Identity;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults;

/// <summary>
/// What this machine keeps of a vault: which one it is, the secret of its device slot, how far its log was ever
/// followed. Files are replaced whole and may be read by their owner only. Byte tables: docs/formats/vault-folder.md.
/// </summary>
internal sealed class VaultFolder
{
    private const int LockAttempts = 200;

    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(25);

    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Turns = new(StringComparer.Ordinal);

    private readonly string _path;

    private VaultFolder(string path, string name, Digest vault)
    {
        _path = path;
        Name = name;
        Vault = vault;
    }

    /// <summary>What the vault is called here.</summary>
    public string Name { get; }

    /// <summary>The vault.</summary>
    public Digest Vault { get; }

    private string DeviceKeyFile => Path.Combine(_path, "device.key");

    private string HeaderFile => Path.Combine(_path, "header");

    private string MembersFile => Path.Combine(_path, "members");

    private string CopyFile => Path.Combine(_path, "copy");

    private string PositionFile => Path.Combine(_path, "position");

    /// <summary>The names of all vaults of an identity, sorted.</summary>
    public static IReadOnlyList<string> Names(IdentityFolder identity) => Directory.Exists(identity.Vaults)
        ? [.. Directory.EnumerateDirectories(identity.Vaults)
            .Where(folder => File.Exists(IdFileOf(folder)))
            .Select(folder => Path.GetFileName(folder))
            .Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Makes the folder of a vault.</summary>
    /// <exception cref="VaultException">The name is none or taken, or the disk failed.</exception>
    public static VaultFolder Create(IdentityFolder identity, string name, Digest vault)
    {
        string path = PathOf(identity, name);
        if (File.Exists(IdFileOf(path)))
        {
            throw new VaultException(
                VaultFailure.VaultExists, $"There is a vault '{name}' of this identity already. Take another name.");
        }

        return OnDisk(path, () =>
        {
            OwnerOnlyFile.MakeFolder(identity.Vaults);
            OwnerOnlyFile.MakeFolder(path);
            OwnerOnlyFile.Write(
                IdFileOf(path), VaultFolderCodec.Seal(VaultFolderCodec.Id, vault.ToArray()), replace: false);
            return new VaultFolder(path, name, vault);
        });
    }

    /// <summary>Opens the folder of a vault.</summary>
    /// <exception cref="VaultException">There is none, or it is damaged.</exception>
    public static VaultFolder Open(IdentityFolder identity, string name)
    {
        string path = PathOf(identity, name);
        if (!File.Exists(IdFileOf(path)))
        {
            throw new VaultException(
                VaultFailure.UnknownVault,
                $"This identity has no vault '{name}'. List them with 'sigma vault list', or make one.");
        }

        byte[] id = ReadFile(IdFileOf(path), VaultFolderCodec.Id);
        return id.Length == Digest.SizeBytes ? new VaultFolder(path, name, new Digest(id)) : throw Damaged(path);
    }

    /// <summary>Removes the folder with all that is in it.</summary>
    public void Delete() => OnDisk(_path, () =>
    {
        Directory.Delete(_path, recursive: true);
        return true;
    });

    /// <summary>The secret of the device slot, made if there is none yet; the caller disposes it.</summary>
    public SecretBytes MakeDeviceKey(IRandomSource random)
    {
        if (File.Exists(DeviceKeyFile))
        {
            return ReadDeviceKey();
        }

        SecretBytes key = new(SlotSecret.KeySizeBytes);
        random.Fill(key.Span);
        OnDisk(_path, () =>
        {
            OwnerOnlyFile.Write(
                DeviceKeyFile, VaultFolderCodec.Seal(VaultFolderCodec.DeviceKey, key.Span), replace: false);
            return true;
        });
        return key;
    }

    /// <summary>The secret of the device slot; the caller disposes it.</summary>
    /// <exception cref="VaultException">There is none on this machine, or it is damaged.</exception>
    public SecretBytes ReadDeviceKey()
    {
        if (!File.Exists(DeviceKeyFile))
        {
            throw new VaultException(
                VaultFailure.NoSlot,
                $"This machine has no device key of the vault '{Name}'. Open it by passphrase or recovery code.");
        }

        byte[] key = ReadFile(DeviceKeyFile, VaultFolderCodec.DeviceKey);
        try
        {
            return key.Length == SlotSecret.KeySizeBytes ? new SecretBytes(key) : throw Damaged(_path);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Keeps the vault's first header until the log has it.</summary>
    public void KeepHeader(Digest salt, VaultHeader header) => OnDisk(_path, () =>
    {
        byte[] content = new WireWriter().Digest(salt).Fixed(header.Encoded.Span).ToArray();
        OwnerOnlyFile.Write(HeaderFile, VaultFolderCodec.Seal(VaultFolderCodec.Header, content), replace: true);
        return true;
    });

    /// <summary>The first header and its salt while the log may not have it yet; else null.</summary>
    public (Digest Salt, VaultHeader Header)? ReadHeader()
    {
        if (!File.Exists(HeaderFile))
        {
            return null;
        }

        byte[] content = ReadFile(HeaderFile, VaultFolderCodec.Header);
        if (content.Length <= Digest.SizeBytes
            || VaultHeader.TryDecode(content.AsSpan(Digest.SizeBytes), Vault, out VaultHeader? header)
                != HeaderStatus.Good)
        {
            throw Damaged(_path);
        }

        return (new Digest(content.AsSpan(0, Digest.SizeBytes)), header!);
    }

    /// <summary>Forgets the first header: the log has it.</summary>
    public void DropHeader() => OnDisk(_path, () =>
    {
        File.Delete(HeaderFile);
        return true;
    });

    /// <summary>Which account each device belongs to that the vault was shared with from this machine.</summary>
    public IReadOnlyDictionary<NodeId, string> ReadMembers()
    {
        Dictionary<NodeId, string> members = [];
        if (!File.Exists(MembersFile))
        {
            return members;
        }

        var reader = new WireReader(ReadFile(MembersFile, VaultFolderCodec.Members));
        for (int left = reader.U16(); left > 0; left--)
        {
            NodeId device = new(reader.Digest());
            members[device] = Encoding.UTF8.GetString(reader.Opaque8());
        }

        return reader.AtEnd ? members : throw Damaged(_path);
    }

    /// <summary>Remembers whose devices these are, and no others.</summary>
    public void WriteMembers(IReadOnlyDictionary<NodeId, string> members)
    {
        WireWriter writer = new WireWriter().U16(checked((ushort)members.Count));
        foreach ((NodeId device, string account) in members.OrderBy(member => member.Key))
        {
            writer.Digest(device.Value).Opaque8(Encoding.UTF8.GetBytes(account));
        }

        byte[] content = writer.ToArray();
        OnDisk(_path, () =>
        {
            OwnerOnlyFile.Write(MembersFile, VaultFolderCodec.Seal(VaultFolderCodec.Members, content), replace: true);
            return true;
        });
    }

    /// <summary>The copy of the namespace; null if there is none that can be read.</summary>
    public byte[]? ReadCopy(int sizeMaxBytes)
    {
        try
        {
            FileInfo file = new(CopyFile);
            return file.Exists && file.Length <= sizeMaxBytes ? File.ReadAllBytes(CopyFile) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes the copy of the namespace, unless another process does so or the disk fails.</summary>
    public void WriteCopy(ReadOnlySpan<byte> content)
    {
        try
        {
            using FileStream alone = new($"{CopyFile}.lock", OwnerOnlyFile.Options(FileMode.OpenOrCreate));
            foreach (string left in Directory.EnumerateFiles(_path, "copy.new-*"))
            {
                File.Delete(left);
            }

            OwnerOnlyFile.Write(CopyFile, content, replace: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without it the log is followed from farther back.
        }
    }

    /// <summary>How far the log was ever followed; default if it never was.</summary>
    public LogPosition ReadPosition()
    {
        if (!File.Exists(PositionFile))
        {
            return default;
        }

        var reader = new WireReader(ReadFile(PositionFile, VaultFolderCodec.Position));
        LogPosition position = new(reader.U64(), reader.Digest());
        return reader.AtEnd ? position : throw Damaged(_path);
    }

    /// <summary>Remembers how far the log was followed, durably. It never goes back, whoever else writes it.</summary>
    public async Task RememberAsync(LogPosition position, TimeProvider time, CancellationToken ct)
    {
        // Within this process in turn; other processes are asked again after a pause.
        SemaphoreSlim turn = Turns.GetOrAdd(_path, static _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(ct);
        try
        {
            using FileStream held = await LockAsync(time, ct);
            if (position.Count > ReadPosition().Count)
            {
                WritePosition(position);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    private static string PathOf(IdentityFolder identity, string name)
    {
        bool good = name.Length is >= 1 and <= 64 && name[0] != '.'
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
        return good ? Path.Combine(identity.Vaults, name) : throw new VaultException(
            VaultFailure.BadName,
            "A vault's name has 1 to 64 letters, digits, '-', '_' and '.', and does not begin with '.'.");
    }

    private static string IdFileOf(string folder) => Path.Combine(folder, "vault.id");

    private static byte[] ReadFile(string file, byte kind) => OnDisk(file, () =>
        VaultFolderCodec.TryOpen(File.ReadAllBytes(file), kind, out byte[]? content) ? content : throw Damaged(file));

    private static T OnDisk<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VaultException(
                VaultFailure.Disk, $"The vault's folder '{path}' cannot be read or written: {e.Message}", e);
        }
    }

    private static VaultException Damaged(string path) => new(
        VaultFailure.FolderDamaged,
        $"'{path}' was changed or cut off. Nothing in the vault is lost: move its folder away, and open the vault "
        + "anew by passphrase or recovery code.");

    private void WritePosition(LogPosition position) => OnDisk(_path, () =>
    {
        byte[] content = new WireWriter().U64(position.Count).Digest(position.Head).ToArray();
        OwnerOnlyFile.Write(PositionFile, VaultFolderCodec.Seal(VaultFolderCodec.Position, content), replace: true);
        return true;
    });

    private async Task<FileStream> LockAsync(TimeProvider time, CancellationToken ct)
    {
        string file = Path.Combine(_path, "lock");
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(file, OwnerOnlyFile.Options(FileMode.OpenOrCreate));
            }
            catch (IOException e) when (OwnerOnlyFile.IsSharingViolation(e) && attempt < LockAttempts)
            {
                await Task.Delay(LockPause, time, ct);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new VaultException(VaultFailure.Disk, $"'{file}' cannot be locked: {e.Message}", e);
            }
        }
    }
}
