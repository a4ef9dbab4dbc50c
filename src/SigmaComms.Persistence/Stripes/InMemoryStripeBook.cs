using SigmaComms.Cryptography;

namespace SigmaComms.Persistence.Stripes;

/// <summary>A stripe book that ends with its process.</summary>
public sealed class InMemoryStripeBook : IStripeBook
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Digest, VaultFollowing> _vaults = [];
    private readonly Dictionary<(Digest Vault, UInt128 Stripe), (StripeStanding Standing, long Ticks)> _stripes = [];
    private readonly Dictionary<string, byte[]> _marks = [];

    /// <inheritdoc/>
    public VaultFollowing FindVault(Digest vault)
    {
        lock (_gate)
        {
            return _vaults.GetValueOrDefault(vault);
        }
    }

    /// <inheritdoc/>
    public StripeStanding FindStripe(Digest vault, UInt128 stripe)
    {
        lock (_gate)
        {
            return _stripes.GetValueOrDefault((vault, stripe)).Standing;
        }
    }

    /// <inheritdoc/>
    public void Note(
        Digest vault,
        VaultFollowing following,
        IReadOnlyCollection<UInt128> added,
        IReadOnlyCollection<UInt128> dropped,
        long nowTicks)
    {
        ArgumentNullException.ThrowIfNull(added);
        ArgumentNullException.ThrowIfNull(dropped);
        lock (_gate)
        {
            _vaults[vault] = following;
            foreach (UInt128 stripe in added)
            {
                _stripes.TryAdd((vault, stripe), (StripeStanding.Added, nowTicks));
            }

            foreach (UInt128 stripe in dropped)
            {
                _stripes[(vault, stripe)] = (StripeStanding.Dropped, nowTicks);
            }
        }
    }

    /// <inheritdoc/>
    public int Forget(long beforeTicks)
    {
        lock (_gate)
        {
            (Digest, UInt128)[] old =
            [
                .. _stripes
                    .Where(stripe => stripe.Value is { Standing: StripeStanding.Dropped } note
                        && note.Ticks < beforeTicks)
                    .Select(stripe => stripe.Key),
            ];
            foreach ((Digest, UInt128) stripe in old)
            {
                _stripes.Remove(stripe);
            }

            return old.Length;
        }
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ReadMark(string name)
    {
        lock (_gate)
        {
            return _marks.GetValueOrDefault(name);
        }
    }

    /// <inheritdoc/>
    public void WriteMark(string name, ReadOnlyMemory<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, 1024);
        lock (_gate)
        {
            _marks[name] = value.ToArray();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
